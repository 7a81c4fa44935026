import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  badFacts,
  CALENDAR,
  CONSTANTS,
  formula,
  goodFacts,
  SCHEMA,
  WINDOW,
} from '../../../../test/support/rule-formulas.ts'
import type { FactValues } from '../../../contract/facts.ts'
import type { Fact } from '../../../contract/stream.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { ruleOf } from '../fixtures.ts'
import type { RuleBook } from './book.ts'
import { compileBook } from './compile.ts'
import { type Hit, replayStory, type StoryFold } from './replay.ts'

/** Facts that carry the values themselves. Safe: the bodies below are values that were made for the schema. */
const FOLD: StoryFold<FactValues> = {
  initial: { o: {}, ships: [], scans: [] },
  evolve: (_, fact) => fact.body as FactValues,
  project: state => state,
}
const factAt = (knownAt: number, seq: number, values: FactValues, type = 'order.edited'): Fact => {
  const times = { occurredAt: knownAt, recordedAt: knownAt + 1e9, knownAt }
  return { type, v: 1, seq, ...times, actor: 'feed:x', cause: null, body: { ...values } as JsonObject }
}

/** Tick by tick, with nothing but the value of each condition at that tick. */
function byTicks(book: RuleBook, facts: readonly Fact[], until: number): Hit[] {
  const hits: Hit[] = []
  const out = new Float64Array(book.rules.length)
  book.rules.forEach((rule, i) => {
    let since: number | null = null
    let pending: number | null = null
    for (let now = facts[0]!.knownAt; now <= until; now++) {
      const last = facts.findLast(f => f.knownAt <= now)!
      book.evaluate(FOLD.evolve(FOLD.initial, last), now, out)
      pending = out[i]! > 0 ? (pending ?? now) : null
      const holds = pending !== null && now >= pending + (rule.for ?? 0)
      if (holds && since === null) since = now
      if (!holds && since !== null) {
        hits.push({ rule: i, raisedAt: since, clearedAt: now })
        since = null
      }
    }
    if (since !== null) hits.push({ rule: i, raisedAt: since, clearedAt: null })
  })
  return hits
}

const sorted = (hits: readonly Hit[]) =>
  hits.toSorted((a, b) => a.rule - b.rule || a.raisedAt - b.raisedAt).map(h => `${h.rule} ${h.raisedAt} ${h.clearedAt}`)

describe('replayStory', () => {
  it('finds what an evaluation at every tick finds, with and without a wait', () => {
    let found = 0
    const history = fc.array(fc.tuple(fc.nat(WINDOW), fc.oneof({ weight: 4, arbitrary: goodFacts }, badFacts)), {
      minLength: 1,
      maxLength: 5,
    })
    const rules = fc.array(fc.tuple(formula, fc.constantFrom(undefined, undefined, 3, 25)), {
      minLength: 1,
      maxLength: 3,
    })
    fc.assert(
      fc.property(history, rules, (changes, texts) => {
        const facts = changes.toSorted((a, b) => a[0] - b[0]).map(([at, values], i) => factAt(at, i + 1, values))
        const book = compileBook(
          texts.map(([when, wait], i) =>
            ruleOf(when, { id: `r${i}`, constants: CONSTANTS, ...(wait !== undefined && { for: wait }) }),
          ),
          SCHEMA,
          { calendars: [CALENDAR] },
        )
        const { hits } = replayStory(facts, { fold: FOLD, book }, { until: WINDOW })
        assert.deepEqual(sorted(hits), sorted(byTicks(book, facts, WINDOW)))
        found += hits.length
      }),
      { seed: 11, numRuns: 250, endOnFailure: true },
    )
    assert.ok(found > 150, `${found} hits`)
  })

  const book = compileBook([ruleOf("o.s == 'x' && now - o.t1 > duration('10ms')")], SCHEMA)
  const values = (s: string): FactValues => ({ o: { t1: 0, s }, ships: [], scans: [] })

  it('leaves out findings and cases of then, and what is known after the end', () => {
    const facts = [
      factAt(0, 1, values('x')),
      factAt(5, 2, values('y'), 'finding.raised'),
      factAt(6, 3, values('y'), 'case.opened'),
      factAt(50, 4, values('y')),
      factAt(90, 5, values('x')),
    ]
    assert.deepEqual(replayStory(facts, { fold: FOLD, book }, { until: 89 }), {
      hits: [{ rule: 0, raisedAt: 11, clearedAt: 50 }],
      evaluations: 3,
    })
    const seen: unknown[] = []
    const onHit = (...hit: unknown[]) => seen.push(hit)
    assert.equal(replayStory(facts.slice(0, 1), { fold: FOLD, book }, { until: 10, onHit }).hits.length, 0)
    assert.equal(replayStory(facts.slice(0, 1), { fold: FOLD, book }, { until: 11, onHit }).hits.length, 1)
    assert.deepEqual(seen, [[0, values('x'), 11]])
    assert.deepEqual(replayStory([], { fold: FOLD, book }, { until: 11 }), { hits: [], evaluations: 0 })
  })

  it('goes by when things became known: late news changes nothing before', () => {
    const late = { ...factAt(40, 1, values('x')), occurredAt: 0 }
    assert.deepEqual(replayStory([late], { fold: FOLD, book }, { until: 60 }).hits, [
      { rule: 0, raisedAt: 40, clearedAt: null },
    ])
    // A fact that was known before the one written down earlier cannot turn time back.
    const back = factAt(20, 2, values('y'))
    assert.deepEqual(replayStory([late, back], { fold: FOLD, book }, { until: 60 }).hits, [])
  })
})
