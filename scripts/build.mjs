// npm run build: builds the console, whether it changed or not, and prints its sizes by route.
import { buildConsole } from './console.mjs'
import { finishLine, prepare } from './runtime.mjs'

const node = await prepare()
finishLine()
process.exitCode = await buildConsole(node, [])
