// npm run bench: installs what is missing, chooses the runtime, runs the measurements.
import { join } from 'node:path'
import { finishLine, prepare, root, runNode } from './runtime.mjs'

const node = await prepare()
finishLine()
process.exitCode = await runNode(node, [join(root, 'bench', 'run.ts'), ...process.argv.slice(2)])
