/** Fails when a page or a comment names a file of this repository that does not exist: `node scripts/check-docs.ts`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brokenReferences, commentsOf, lineCommentsOf, type Text } from './doc-references.ts'
import { filesUnder, readSource, report } from './source.ts'

const TREES = ['src', 'test', 'docs', 'scripts', 'packs', 'bench', 'migrations', 'web', 'examples', '.ci']

const root = process.cwd()
const atRoot = readdirSync(root, { withFileTypes: true }).filter(entry => entry.isFile())
const under = (extension: RegExp): string[] => TREES.flatMap(dir => filesUnder(root, dir, path => extension.test(path)))
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

const pages = [...atRoot.map(entry => entry.name).filter(name => name.endsWith('.md')), ...under(/\.md$/)]
const texts: Text[] = [
  ...pages.map(path => ({ path, line: 1, text: textOf(path) })),
  ...under(/\.(ts|tsx|mjs|js)$/).flatMap(path => commentsOf(readSource(root, path))),
  ...under(/\.(sql|ya?ml|sh)$|^\.ci\/run$/).flatMap(path => lineCommentsOf(path, textOf(path))),
]
const problems = texts.flatMap(text => brokenReferences(text, path => existsSync(join(root, path))))
if (!report(problems)) process.exitCode = 1
else console.log(`${pages.length} pages and the comments of the code lead somewhere`)
