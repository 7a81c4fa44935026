// npm start: installs what is missing, chooses the runtime, runs Andon in the foreground.
import { join } from 'node:path'
import { finishLine, prepare, root, runNode } from './runtime.mjs'

const node = await prepare()
finishLine()
process.exitCode = await runNode(node, [join(root, 'src', 'app', 'main.ts'), 'start', ...process.argv.slice(2)])
