// npm run -s andon -- <verb> ...: the command line of a checkout.
import { join } from 'node:path'
import { finishLine, prepare, root, runNode } from './runtime.mjs'

const node = await prepare()
finishLine()
process.exitCode = await runNode(node, [join(root, 'src', 'app', 'main.ts'), ...process.argv.slice(2)])
