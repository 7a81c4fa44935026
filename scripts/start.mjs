// npm start: installs what is missing, chooses the runtime, builds the console, runs Andon in the foreground.
import { join } from 'node:path'
import { ensureConsole } from './console.mjs'
import { finishLine, prepare, root, runNode } from './runtime.mjs'

const node = await prepare()
finishLine()
await ensureConsole(node, { must: false })
process.exitCode = await runNode(node, [join(root, 'src', 'app', 'main.ts'), 'start', ...process.argv.slice(2)])
