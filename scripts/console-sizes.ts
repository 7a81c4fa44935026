import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What a browser loads, from the manifest that Vite writes. Sizes are gzipped bytes, as every browser takes them. */
export interface Sizes {
  readonly first: number
  /** What each lazy part adds to the first load, the largest first. */
  readonly parts: readonly { readonly name: string; readonly bytes: number; readonly charts: boolean }[]
}

interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly isDynamicEntry?: boolean
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
  readonly css?: readonly string[]
}
type Manifest = Readonly<Record<string, Chunk>>

const KB = 1000
const FIRST_LOAD = 300 * KB
/** A lazy part on its own. */
const PART = 120 * KB
/** What a page may add, by where it lies; the first that fits counts. Charts and the text editor may weigh more. */
const BUDGETS: readonly (readonly [where: RegExp, bytes: number])[] = [
  [/kit\/chart\.tsx$/, 260 * KB],
  [/codemirror/, 200 * KB],
  // Every part there is, for us to look at.
  [/features\/gallery\//, 200 * KB],
  // The box for text: CodeMirror, beside the checker that the page has loaded before.
  [/features\/rules\/text\//, 250 * KB],
  // The rules' own checker runs in these pages (decision 0008); most of it are the tables of its patterns.
  [/features\/rules\//, 200 * KB],
  [/(^|\/)(en|en_US)\.(ts|js)$/, 8 * KB],
  [/features\/(cases|orders)\//, 60 * KB],
  [/features\//, 30 * KB],
]

/** @throws when a file of the manifest is missing */
export function sizesOf(dist: string): Sizes {
  // Written by Vite a moment ago.
  const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8')) as Manifest
  const entry = Object.keys(manifest).find(key => manifest[key]?.isEntry)
  if (entry === undefined) throw new Error('the manifest of the console has no entry')
  const first = filesOf(manifest, entry)
  const parts = Object.keys(manifest)
    .filter(key => manifest[key]?.isDynamicEntry)
    .map(key => {
      const files = [...filesOf(manifest, key)].filter(file => !first.has(file))
      return { name: key, bytes: sum(dist, files), charts: files.some(file => /chart/i.test(file)) }
    })
    .sort((a, b) => b.bytes - a.bytes)
  return { first: sum(dist, [...first]), parts }
}

function filesOf(manifest: Manifest, key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key]
  if (chunk === undefined || seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const css of chunk.css ?? []) seen.add(css)
  for (const next of chunk.imports ?? []) filesOf(manifest, next, seen)
  return seen
}

const sum = (dist: string, files: readonly string[]): number =>
  files.reduce(
    (total, file) =>
      total + statSync(existsSync(join(dist, `${file}.gz`)) ? join(dist, `${file}.gz`) : join(dist, file)).size,
    0,
  )

const kb = (bytes: number): string => `${(bytes / KB).toFixed(1)} kB`

/** Sizes by route, gzipped. */
export function tableOf({ first, parts }: Sizes): string {
  const rows = [['first load', kb(first)], ...parts.map(part => [part.name, `+ ${kb(part.bytes)}`])]
  const width = Math.max(...rows.map(([name]) => name?.length ?? 0))
  return rows.map(([name = '', size = '']) => `${name.padEnd(width)}  ${size.padStart(12)}`).join('\n')
}

/** One line for each size over its budget. */
export function overBudget({ first, parts }: Sizes): string[] {
  const over = first > FIRST_LOAD ? [`first load: ${kb(first)}, the budget is ${kb(FIRST_LOAD)}`] : []
  const limitOf = (name: string): number => BUDGETS.find(([where]) => where.test(name))?.[1] ?? PART
  return [
    ...over,
    ...parts
      .filter(part => !part.charts && part.bytes > limitOf(part.name))
      .map(part => `${part.name}: ${kb(part.bytes)}, the budget is ${kb(limitOf(part.name))}`),
  ]
}
