/** Prints the size table of house style and fails on the hard caps: `node scripts/budgets.ts`. */
import { type Limits, measureTree, overCaps, type TreeMeasure, tableOf } from './budget-measures.ts'
import { filesUnder, isTest, isTypeScript, readSource, report } from './source.ts'

const CAPS: Limits = { fileLines: 400, functionLines: 60, parameters: 3, any: 0 }
// Tests are tables and stories: a long `describe` is no design fault, a long file is.
const FREE = Number.POSITIVE_INFINITY
const TEST_CAPS: Limits = { fileLines: 400, functionLines: FREE, parameters: FREE, any: 0 }

const root = process.cwd()
const trees: TreeMeasure[] = []
for (const dir of ['src', 'web/src', 'scripts', 'bench', 'packs', 'examples']) {
  const files = filesUnder(root, dir, path => isTypeScript(path) && !isTest(path))
  if (files.length > 0)
    trees.push(
      measureTree(
        dir,
        files.map(path => readSource(root, path)),
      ),
    )
}
const testFiles = ['src', 'web/src', 'scripts', 'packs', 'examples', 'test'].flatMap(dir =>
  filesUnder(root, dir, path => isTypeScript(path) && (isTest(path) || path.startsWith('test/'))),
)
const tests = measureTree(
  'tests',
  testFiles.map(path => readSource(root, path)),
)

console.log(tableOf([...trees, tests]))
const over = [...trees.flatMap(tree => overCaps(tree, CAPS)), ...overCaps(tests, TEST_CAPS)]
if (!report(over)) process.exitCode = 1
