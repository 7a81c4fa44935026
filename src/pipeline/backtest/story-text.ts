import { createHash } from 'node:crypto'
import type { FactSchema } from '../../contract/facts.ts'
import type { Instant } from '../../kernel/instant.ts'
import { canonicalJson, type Json } from '../../kernel/json.ts'
import { type Frame, type Mark, RECORD, type Story } from './story.ts'

/**
 * A story as text: a line of instants, a line of marks, then a line for each fact that was ever told, its path, a tab and
 * `[frame, value, frame, value ...]`. A back-test decodes the lines of the facts that its rules read and leaves the rest:
 * of forty facts a rule reads five, and decoding all of them took three quarters of its time (`bench/rules-peers.ts`).
 */

/** Raised when the text is laid out in another way; it is a part of the form of a story. */
const LAYOUT = 2

type Fields = { [field: string]: unknown }

export function storyText({ f, m = [] }: Story): string {
  const columns = new Map<string, unknown[]>()
  const put = (path: string, frame: number, value: unknown): void => {
    const column = columns.get(path)
    if (column) column.push(frame, value)
    else columns.set(path, [frame, value])
  }
  f.forEach(([, record, others = {}], frame) => {
    for (const field in record) put(`${RECORD}.${field}`, frame, record[field])
    for (const root in others) put(root, frame, others[root])
  })
  // JSON has no tab and no line break inside of it, so that a line is found by its beginning.
  const lines = [...columns].map(([path, column]) => `${path}\t${JSON.stringify(column)}`)
  return [JSON.stringify(f.map(([at]) => at)), JSON.stringify(m), ...lines].join('\n')
}

/**
 * @param wanted facts by path (`order.paidAt`) and whole roots (`lines`); all of them when left out. Of the frames in which
 * none of them changed only the first and the last are given.
 */
export function storyIn(text: string, wanted?: readonly string[]): Story {
  const first = text.indexOf('\n')
  const end = text.indexOf('\n', first + 1)
  const instants = instantsIn(text.slice(0, first))
  const marks = marksIn(end < 0 ? text.slice(first + 1) : text.slice(first + 1, end))
  const frames = instants.map((at): OpenFrame => [at, {}])
  if (end >= 0) for (const path of wanted ?? pathsIn(text, end)) fill(frames, path, columnOf(text, path, end))
  const kept = wanted === undefined ? frames : frames.filter((x, i) => i === 0 || i === frames.length - 1 || changes(x))
  return marks.length > 0 ? { f: kept, m: marks } : { f: kept }
}

type OpenFrame = [at: Instant, order: Fields, others?: Fields]

function pathsIn(text: string, from: number): string[] {
  const paths: string[] = []
  for (let at = from; at >= 0; at = text.indexOf('\n', at + 1)) paths.push(text.slice(at + 1, text.indexOf('\t', at)))
  return paths
}

function columnOf(text: string, path: string, from: number): readonly unknown[] {
  const at = text.indexOf(`\n${path}\t`, from)
  if (at < 0) return []
  const begin = at + path.length + 2
  const end = text.indexOf('\n', begin)
  return columnIn(end < 0 ? text.slice(begin) : text.slice(begin, end))
}

function fill(frames: readonly OpenFrame[], path: string, column: readonly unknown[]): void {
  const field = path.startsWith(`${RECORD}.`) ? path.slice(RECORD.length + 1) : null
  for (let i = 0; i < column.length; i += 2) {
    const frame = frames[Number(column[i])]!
    if (field !== null) frame[1][field] = column[i + 1]
    else frame[2] = { ...frame[2], [path]: column[i + 1] }
  }
}

function changes([, record, others]: Frame): boolean {
  if (others !== undefined) return true
  for (const _ in record) return true
  return false
}

/** Safe, all three: `storyText` wrote them, and stories of another layout are not read. */
const instantsIn = (text: string): readonly Instant[] => JSON.parse(text) as readonly Instant[]
const marksIn = (text: string): readonly Mark[] => (text === '[]' ? [] : (JSON.parse(text) as readonly Mark[]))
const columnIn = (text: string): readonly unknown[] => JSON.parse(text) as readonly unknown[]

/**
 * A number for the facts as this release makes them: a story that was told of other facts is told again. 2 and more; 1
 * is the form that earlier releases wrote.
 */
export function formOf(schema: FactSchema, shapes: readonly number[]): number {
  const text = canonicalJson(JSON.parse(JSON.stringify([LAYOUT, schema, shapes])) as Json)
  return 2 + (createHash('sha256').update(text).digest().readUInt16BE(0) % 32_000)
}
