import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  eventEntryOf,
  eventTypes,
  newestVersionOf,
  parseEvent,
  systemFactTypes,
  upcastFact,
} from '../../src/contract/events/index.ts'
import type { StreamKind } from '../../src/contract/stream.ts'
import type { JsonObject } from '../../src/kernel/json.ts'
import { foldFacts, initialSlices } from '../../src/pipeline/decide.ts'
import { reactorsOf } from '../../src/pipeline/reactors.ts'

/** A fact as a shipped release stored it, and the message that it came from. Frozen: a change here breaks old ledgers. */
interface Sample {
  readonly type: string
  readonly v: number
  readonly stream: StreamKind
  readonly occurredAt: number
  readonly event?: unknown
  readonly body: JsonObject
}

const dir = join(import.meta.dirname, 'facts')
const samples = readdirSync(dir).map(file => ({
  file,
  ...(JSON.parse(readFileSync(join(dir, file), 'utf8')) as Sample),
}))

/** Named before anything writes them: the first release that does freezes a sample. */
const UNWRITTEN = ['stream.carried']

test('every version of every type has a frozen sample, and no sample lies about its name', () => {
  const wanted = [...Object.values(eventTypes), ...Object.values(systemFactTypes)]
    .filter(({ type }) => !UNWRITTEN.includes(type))
    .flatMap(({ type, v }) => Array.from({ length: v }, (_, i) => `${type}.v${i + 1}.json`))
  assert.deepEqual(samples.map(s => s.file).sort(), wanted.sort())
  for (const { file, type, v } of samples) assert.equal(file, `${type}.v${v}.json`)
})

test('a frozen message still gives its frozen body', () => {
  for (const { file, type, v, event, body } of samples) {
    const entry = eventEntryOf(type)
    // A message of an older version is taken no more; its stored body still is.
    if (entry === undefined || v < entry.v) continue
    const parsed = parseEvent(event, { now: 0 })
    assert.ok(parsed.ok, `${file}: ${JSON.stringify(parsed)}`)
    assert.deepEqual(parsed.event.body, body, file)
  }
})

test('a frozen fact is lifted to the newest shape and folds into every slice of its stream', () => {
  for (const { file, type, v, stream, occurredAt, body } of samples) {
    const newest = upcastFact(type, v, body)
    const times = { occurredAt, recordedAt: occurredAt, knownAt: occurredAt }
    const fact = { type, v: newestVersionOf(type)!, seq: 1, ...times, actor: 'system', cause: null, body: newest }
    const reactors = reactorsOf(stream)
    const slices = foldFacts(initialSlices(reactors), [fact], reactors)
    assert.deepEqual(
      Object.keys(slices),
      reactors.map(r => r.slice),
      file,
    )
  }
})
