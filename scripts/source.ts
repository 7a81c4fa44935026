/** What the checks of this repository share: the list of source files, and each one parsed. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { type Comment, type Node, parseSync, visitorKeys } from 'oxc-parser'
import { TEST_FILE } from './floor-map.ts'

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly program: Node
  readonly comments: readonly Comment[]
  /** 1-based line of an offset. */
  readonly lineAt: (offset: number) => number
}

export interface Problem {
  readonly path: string
  readonly line: number
  readonly code: string
  readonly message: string
}

const SKIPPED = new Set(['node_modules', 'dist', 'results', 'data', '.git', '.cache'])

/** Files under `dir` (a folder below `root`; missing is empty) whose path passes `wanted`, sorted. */
export function filesUnder(root: string, dir: string, wanted: (path: string) => boolean): string[] {
  const top = join(root, dir)
  if (!statSync(top, { throwIfNoEntry: false })?.isDirectory()) return []
  const found: string[] = []
  for (const entry of readdirSync(top, { withFileTypes: true })) {
    const path = `${dir}/${entry.name}`
    if (SKIPPED.has(entry.name)) continue
    if (entry.isDirectory()) found.push(...filesUnder(root, path, wanted))
    else if (entry.isFile() && wanted(path)) found.push(path)
  }
  return found.sort()
}

export const isTypeScript = (path: string): boolean => /\.tsx?$/.test(path) && !/\.d\.ts$|\.gen\./.test(path)
export const isTest = (path: string): boolean => new RegExp(TEST_FILE).test(path)

/** Parses one file; a file that does not parse throws with its path, since every other check would be blind on it. */
export function readSource(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, ...path.split('/')), 'utf8')
  const parsed = parseSync(path.split(sep).join('/'), text, { sourceType: 'module' })
  if (parsed.errors.length > 0) throw new Error(`${path}: ${parsed.errors[0]?.message}`)
  return { path, text, program: parsed.program, comments: parsed.comments, lineAt: lineFinder(text) }
}

/** Calls `visit` for the node and everything below it, parents first; `false` leaves out what is below. */
export function walk(
  node: Node,
  visit: (node: Node, parent: Node | null) => unknown,
  parent: Node | null = null,
): void {
  if (visit(node, parent) === false) return
  for (const child of childrenOf(node)) walk(child, visit, node)
}

function childrenOf(node: Node): Node[] {
  const found: Node[] = []
  for (const key of visitorKeys[node.type] ?? []) {
    const value: unknown = Reflect.get(node, key)
    for (const item of Array.isArray(value) ? value : [value]) if (isNode(item)) found.push(item)
  }
  return found
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

function lineFinder(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return offset => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}

/** One line per problem, `path:line code message`; returns true when there were none. */
export function report(problems: readonly Problem[]): boolean {
  for (const p of problems) console.log(`${p.path}:${p.line} ${p.code}: ${p.message}`)
  return problems.length === 0
}
