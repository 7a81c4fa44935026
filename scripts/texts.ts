/** Holds the texts of the console: none missing, none unused, none written in the code: `node scripts/texts.ts`. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { filesUnder, isTest, isTypeScript, type Problem, readSource, report } from './source.ts'
import { keyProblems, type Texts, writtenProblems } from './texts-check.ts'

const ROOM = 'web/src'

/** Every fault of the texts below `root`. */
export async function textProblems(root: string): Promise<Problem[]> {
  const files = filesUnder(root, ROOM, path => isTypeScript(path) && !isTest(path))
  const rooms = files.filter(path => path.endsWith('/zh-CN.ts')).map(dirname)
  const found: Problem[] = []
  for (const room of rooms) {
    const zh = await textsIn(join(root, room, 'zh-CN.ts'), 'zhCN')
    const en = await textsIn(join(root, room, 'en.ts'), 'en')
    const code = files.filter(path => path.startsWith(`${room}/`) && !/\/(zh-CN|en)\.ts$/.test(path))
    found.push(...keyProblems({ room, zh, en, code: code.map(path => readSource(root, path)) }))
  }
  const code = files.filter(path => !/\/(zh-CN|en)\.ts$/.test(path)).map(path => readSource(root, path))
  return [...found, ...code.flatMap(writtenProblems)]
}

async function textsIn(path: string, name: string): Promise<Texts> {
  if (!existsSync(path)) return {}
  const module: Record<string, unknown> = await import(pathToFileURL(path).href)
  const texts = module[name]
  if (typeof texts !== 'object' || texts === null) throw new Error(`${path} exports no ${name}`)
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, String(text)]))
}

if (import.meta.main) {
  const problems = await textProblems(resolve(process.argv[2] ?? '.'))
  if (!report(problems)) process.exitCode = 1
  else console.log('texts are complete')
}
