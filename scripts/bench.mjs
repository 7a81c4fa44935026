// npm run bench: installs what is missing, chooses the runtime, builds the console, runs the measurements.
import { join } from 'node:path'
import { ensureConsole } from './console.mjs'
import { finishLine, prepare, root, runNode } from './runtime.mjs'

const node = await prepare()
finishLine()
await ensureConsole(node, { must: true })
process.exitCode = await runNode(node, [join(root, 'bench', 'run.ts'), ...process.argv.slice(2)])
