import { main } from './cli/main.ts'

process.exitCode = await main(process.argv.slice(2))
// Whatever a library left open must not keep a finished verb alive.
process.exit()
