import type { Node } from 'oxc-parser'
import { floorOf } from './floor-map.ts'
import { isTest, type Problem, type SourceFile, walk } from './source.ts'

/** Which of the checks below hold in a file. */
interface Scope {
  /** Floors 0 to 2: a function of its arguments and nothing else. */
  readonly pure: boolean
  readonly clockFree: boolean
  readonly environmentFree: boolean
}

// The one place that may read the clock; everything else is handed a clock or an instant.
const CLOCK = 'src/platform/clock.ts'

const CLOCK_READS = new Set(['Date.now', 'performance.now', 'process.hrtime', 'process.uptime', 'Math.random'])
const TIMERS = new Set(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'require'])
const OUTSIDE = new Set(['process', 'globalThis', 'global', 'crypto', 'performance', 'console', 'Promise', 'navigator'])
const RANDOM_IMPORTS = /^(random|createCipher|createDecipher|generate|webcrypto|subtle|getRandomValues)/

function scopeOf(path: string): Scope | null {
  // What happens in an example is a function of its seed; only its runner knows of clocks and wires.
  if (/^examples\/[^/]+\/story\//.test(path) && !isTest(path))
    return { pure: true, clockFree: true, environmentFree: true }
  const floor = floorOf(path)
  // Tests of a room run where tests run: only what ships is held to purity.
  if (floor === null || isTest(path)) return null
  return { pure: floor <= 2, clockFree: path !== CLOCK, environmentFree: floor !== 6 }
}

/** Clock reads, randomness, async, and the outside world where a floor forbids them; `export *` anywhere. */
export function purityProblems(file: SourceFile): Problem[] {
  const scope = scopeOf(file.path)
  const found: Problem[] = []
  const add = (node: Node, code: string, message: string): void => {
    found.push({ path: file.path, line: file.lineAt(node.start), code, message })
  }
  walk(file.program, (node, parent) => {
    if (node.type === 'ExportAllDeclaration') add(node, 'export-star', 'name what is exported')
    if (node.type === 'TSImportType') add(node, 'import-type-call', 'the floors cannot see it; write `import type`')
    if (!scope) return
    if (scope.clockFree) checkClock(node, add)
    if (scope.environmentFree && dotted(node) === 'process.env') {
      add(node, 'environment-read', 'only src/app reads the environment; take the value as an argument')
    }
    if (scope.pure) checkPure({ node, parent, add })
  })
  return found
}

type Add = (node: Node, code: string, message: string) => void

function checkClock(node: Node, add: Add): void {
  const read = dotted(node)
  const dateCall =
    (node.type === 'NewExpression' && node.arguments.length === 0) || node.type === 'CallExpression'
      ? calleeName(node)
      : null
  if ((read !== null && CLOCK_READS.has(read)) || dateCall === 'Date')
    add(node, 'clock-read', `${read ?? 'Date()'}: take \`now\` or a clock as an argument`)
}

function checkPure({ node, parent, add }: { node: Node; parent: Node | null; add: Add }): void {
  const isFunction =
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  if ((isFunction && node.async) || node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await))
    add(node, 'core-async', 'a core is synchronous: load first, decide pure')
  if (node.type === 'ImportExpression') add(node, 'core-dynamic-import', 'a core imports at its top')
  if (node.type === 'Identifier' && isFreeName(node, parent) && (OUTSIDE.has(node.name) || TIMERS.has(node.name)))
    add(node, 'core-outside', `${node.name}: a core sees its arguments only`)
  if (node.type === 'ImportDeclaration' && /^(node:)?crypto$/.test(node.source.value)) checkCrypto(node, add)
}

function checkCrypto(node: Extract<Node, { type: 'ImportDeclaration' }>, add: Add): void {
  for (const specifier of node.specifiers) {
    const hashOnly =
      specifier.type === 'ImportSpecifier' &&
      specifier.imported.type === 'Identifier' &&
      !RANDOM_IMPORTS.test(specifier.imported.name)
    if (!hashOnly) add(specifier, 'core-random', 'import hashes by name; randomness comes from the platform')
  }
}

// A property or a key of the same name (`body.process`, `{ console: 1 }`) is nobody's outside world.
function isFreeName(node: Node, parent: Node | null): boolean {
  if (!parent) return true
  if (parent.type === 'MemberExpression') return parent.object === node || parent.computed
  if (parent.type === 'Property' || parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition')
    return parent.key !== node || parent.computed
  return !parent.type.startsWith('TS') && parent.type !== 'ImportSpecifier' && parent.type !== 'ExportSpecifier'
}

function calleeName(node: Node): string | null {
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return null
  return node.callee.type === 'Identifier' ? node.callee.name : null
}

function dotted(node: Node): string | null {
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return null
  if (node.property.type === 'Identifier' && !node.computed) return `${node.object.name}.${node.property.name}`
  return node.property.type === 'Literal' ? `${node.object.name}.${String(node.property.value)}` : null
}
