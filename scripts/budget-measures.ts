import type { Node } from 'oxc-parser'
import { type Problem, type SourceFile, walk } from './source.ts'

export interface Limits {
  readonly fileLines: number
  readonly functionLines: number
  /** Positional parameters of an exported function or a method. */
  readonly parameters: number
  readonly any: number
}

export interface FunctionMeasure {
  readonly path: string
  readonly line: number
  readonly name: string
  /** From its first to its last line, without the lines inside SQL template literals. */
  readonly lines: number
  readonly parameters: number
  readonly exported: boolean
}

export interface FileMeasure {
  readonly path: string
  readonly lines: number
  readonly commentLines: number
  readonly anyAt: readonly number[]
  readonly asCount: number
  readonly functions: readonly FunctionMeasure[]
}

export interface TreeMeasure {
  readonly name: string
  readonly files: readonly FileMeasure[]
}

const SQL_START = /^\s*(?:--[^\n]*\n\s*)*(?:with|select|insert|update|delete|create|alter|drop|copy|merge|lock)\b/i

export const measureTree = (name: string, files: readonly SourceFile[]): TreeMeasure => ({
  name,
  files: files.map(measureFile),
})

/** Sizes of one file; a function is a block-bodied function, method or arrow, as in the table of house style. */
export function measureFile(file: SourceFile): FileMeasure {
  const anyAt: number[] = []
  const functions: FunctionMeasure[] = []
  let asCount = 0
  walk(file.program, (node, parent) => {
    if (node.type === 'TSAnyKeyword') anyAt.push(file.lineAt(node.start))
    if (isCast(node)) asCount += 1
    const measured = measureFunction(file, node, parent)
    if (measured) functions.push(measured)
  })
  const exported = exportedNames(file.program)
  return {
    path: file.path,
    lines: file.text.split('\n').length - (file.text.endsWith('\n') ? 1 : 0),
    commentLines: commentLinesOf(file),
    anyAt,
    asCount,
    functions: functions.map(f => ({ ...f, exported: f.exported || exported.has(f.name) })),
  }
}

// `as const` narrows and asserts nothing, so it is not counted.
function isCast(node: Node): boolean {
  if (node.type === 'TSTypeAssertion') return true
  if (node.type !== 'TSAsExpression') return false
  const to = node.typeAnnotation
  return !(to.type === 'TSTypeReference' && to.typeName.type === 'Identifier' && to.typeName.name === 'const')
}

function measureFunction(file: SourceFile, node: Node, parent: Node | null): FunctionMeasure | null {
  const isFunction = node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression'
  if (!isFunction && node.type !== 'ArrowFunctionExpression') return null
  const block = node.body?.type === 'BlockStatement'
  const line = file.lineAt(node.start)
  return {
    path: file.path,
    line,
    name: nameOf(node, parent),
    // An expression-bodied arrow has no length of its own; only its parameters are looked at.
    lines: block ? file.lineAt(node.end) - line + 1 - sqlLines(file, node) : 0,
    parameters: node.params.length,
    exported: parent?.type === 'MethodDefinition',
  }
}

function nameOf(node: Node, parent: Node | null): string {
  if ('id' in node && node.id && 'name' in node.id && typeof node.id.name === 'string') return node.id.name
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name
  if ((parent?.type === 'MethodDefinition' || parent?.type === 'Property') && parent.key.type === 'Identifier')
    return parent.key.name
  return '(anonymous)'
}

function sqlLines(file: SourceFile, inside: Node): number {
  let lines = 0
  walk(inside, (node, parent) => {
    if (node.type !== 'TemplateLiteral') return
    const tagged =
      parent?.type === 'TaggedTemplateExpression' && /^sql\b/.test(file.text.slice(parent.start, parent.end))
    const text = file.text.slice(node.start + 1, node.end - 1)
    if (tagged || SQL_START.test(text)) lines += text.split('\n').length - 1
  })
  return lines
}

function exportedNames(program: Node): Set<string> {
  const names = new Set<string>()
  walk(program, node => {
    if (node.type !== 'ExportNamedDeclaration') return
    for (const s of node.specifiers) if (s.local.type === 'Identifier') names.add(s.local.name)
    const declared = node.declaration
    if (declared?.type === 'FunctionDeclaration' && declared.id) names.add(declared.id.name)
    if (declared?.type === 'VariableDeclaration')
      for (const d of declared.declarations) if (d.id.type === 'Identifier') names.add(d.id.name)
  })
  return names
}

function commentLinesOf(file: SourceFile): number {
  const lines = new Set<number>()
  for (const c of file.comments) for (let l = file.lineAt(c.start); l <= file.lineAt(c.end); l++) lines.add(l)
  return lines.size
}

/** Everything in the tree that is over a hard cap. */
export function overCaps(tree: TreeMeasure, caps: Limits): Problem[] {
  return tree.files.flatMap(file => [
    ...(file.lines > caps.fileLines
      ? [
          problem(
            file.path,
            1,
            'file_too_long',
            `${file.lines} lines, the cap is ${caps.fileLines}; split it by concern`,
          ),
        ]
      : []),
    ...(file.anyAt.length > caps.any
      ? file.anyAt.map(line => problem(file.path, line, 'any_used', 'say the type, or `unknown` and check it'))
      : []),
    ...file.functions.flatMap(f => overFunctionCaps(f, caps)),
  ])
}

function overFunctionCaps(f: FunctionMeasure, caps: Limits): Problem[] {
  const found: Problem[] = []
  if (f.lines > caps.functionLines)
    found.push(
      problem(f.path, f.line, 'function_too_long', `${f.name}: ${f.lines} lines, the cap is ${caps.functionLines}`),
    )
  if (f.exported && f.parameters > caps.parameters)
    found.push(problem(f.path, f.line, 'too_many_parameters', `${f.name}: ${f.parameters} parameters; take one object`))
  return found
}

const problem = (path: string, line: number, code: string, message: string): Problem => ({ path, line, code, message })

const HEADS = [
  'tree',
  'files',
  'lines',
  'file med / p90 / max',
  'function med / p90 / max',
  'comment %',
  'any/kloc',
  'as/kloc',
]

/** The table, one row per tree, in the columns of house style. */
export function tableOf(trees: readonly TreeMeasure[]): string {
  const rows = [HEADS, ...trees.map(rowOf)]
  const widths = HEADS.map((_, i) => Math.max(...rows.map(row => (row[i] ?? '').length)))
  return rows
    .map(row =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function rowOf({ name, files }: TreeMeasure): string[] {
  const sizes = files.map(f => f.lines)
  const lengths = files.flatMap(f => f.functions.map(fn => fn.lines)).filter(n => n > 0)
  const total = sizes.reduce((a, b) => a + b, 0)
  const share = (n: number, of: number): string => (total === 0 ? '0' : ((n * of) / total).toFixed(1))
  const sum = (of: (f: FileMeasure) => number): number => files.reduce((n, f) => n + of(f), 0)
  return [
    name,
    String(files.length),
    String(total),
    spread(sizes),
    spread(lengths),
    share(
      sum(f => f.commentLines),
      100,
    ),
    share(
      sum(f => f.anyAt.length),
      1000,
    ),
    share(
      sum(f => f.asCount),
      1000,
    ),
  ]
}

function spread(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((a, b) => a - b)
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0
  return `${at(0.5)} / ${at(0.9)} / ${sorted.at(-1) ?? 0}`
}
