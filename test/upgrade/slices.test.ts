import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { newestVersionOf, upcastFact } from '../../src/contract/events/index.ts'
import { digest26 } from '../../src/kernel/hash.ts'
import { canonicalJson, type Json, type JsonObject } from '../../src/kernel/json.ts'
import { foldFacts, initialSlices } from '../../src/pipeline/decide.ts'
import { reactorsOf } from '../../src/pipeline/reactors.ts'

/**
 * What the frozen facts of a case make of its state, each after a fresh opening. A stream's stored state and the same stream
 * folded again must not differ: whoever sees this test fail raises the reactor's `shape` and writes both down anew.
 */
const KNOWN = { shape: 3, digest: 'vpzjs92yj5247fmcwx6vchb398' }

const dir = join(import.meta.dirname, 'facts')
const bodyOf = (type: string, v: number): JsonObject =>
  upcastFact(type, v, JSON.parse(readFileSync(join(dir, `${type}.v${v}.json`), 'utf8')).body as JsonObject)

test('state that a release stored is what this one folds, or its shape is raised', () => {
  const reactors = reactorsOf('order').filter(r => r.slice === 'cases')
  const opening = bodyOf('case.opened', 1)
  const factOf = (type: string, v: number, seq: number) => {
    const times = { occurredAt: seq * 1000, recordedAt: seq * 1000, knownAt: seq * 1000 }
    const body = { ...bodyOf(type, v), case: String(opening.case) }
    return { type, v: newestVersionOf(type)!, seq, ...times, actor: 'user:anna', cause: null, body }
  }
  const told = readdirSync(dir)
    .sort()
    .flatMap(file => {
      const [, type = '', v = ''] = /^(case\..+)\.v(\d+)\.json$/.exec(file) ?? []
      if (type === '') return []
      const facts = [factOf('case.opened', 1, 1), factOf(type, Number(v), 2)]
      return [[file, foldFacts(initialSlices(reactors), facts, reactors)]]
    })
  assert.ok(told.length > 12)
  // Safe: slices are data.
  const digest = digest26(canonicalJson(JSON.parse(JSON.stringify(told)) as Json))
  assert.deepEqual({ shape: reactors[0]?.shape, digest }, KNOWN)
})
