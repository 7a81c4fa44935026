import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseEvent } from '../../src/contract/events/index.ts'
import { type ChannelEvent, openOlist } from '../../src/modules/channels/index.ts'
import { orderFactSchema, orderFacts, ordersReactor } from '../../src/modules/orders/index.ts'
import { compileBook, loadCalendars, loadPacks, type RuleBook } from '../../src/modules/rules/index.ts'
import { ORACLE_RULES, olistOracle } from '../support/olist-oracle.ts'

// Channel, fold, facts and rules against the oracle on every order, without a database: what the replay must find, in
// seconds. The replay itself is compared in its own test.
const DIR = fileURLToPath(new URL('../../../shared/data/olist', import.meta.url))
const PACKS = fileURLToPath(new URL('../../packs', import.meta.url))
const skip = existsSync(DIR) ? false : 'no ../shared/data/olist beside the repository: the real folder is not tested'
const WORLD_END = Date.UTC(2019, 0, 1)

test('real folder: channel, fold and rules find what the oracle finds, to the millisecond', { skip }, async t => {
  const packs = await loadPacks(PACKS)
  const book = compileBook(
    packs.flatMap(pack => pack.rules),
    orderFactSchema,
    { calendars: await loadCalendars(`${PACKS}/calendars`) },
  )
  const found = new Map<string, Set<string>>(ORACLE_RULES.map(rule => [rule, new Set()]))
  for (const { orderKey, events } of (await openOlist(DIR)).orders())
    for (const { rule, said } of new Life(book).run(events)) found.get(rule)?.add(`${orderKey} ${said}`)
  const expected = new Map<string, Set<string>>(ORACLE_RULES.map(rule => [rule, new Set()]))
  for (const { orderId, rule, raisedAt, clearedAt } of olistOracle(DIR, WORLD_END))
    expected.get(rule)?.add(`${orderId} ${raisedAt} ${clearedAt}`)
  for (const rule of ORACLE_RULES) {
    const [is, should] = [found.get(rule) ?? new Set(), expected.get(rule) ?? new Set()]
    const [extra, missing] = [[...is.difference(should)], [...should.difference(is)]]
    t.diagnostic(`${rule}: ${should.size} by the oracle, ${extra.length} extra, ${missing.length} missing`)
    assert.deepEqual([extra.slice(0, 3), missing.slice(0, 3)], [[], []], rule)
  }
})

/** One order from its first event to the end of the world. Events before it was placed are known when it is placed. */
class Life {
  readonly #book: RuleBook
  #state = ordersReactor.initial
  #seq = 0
  #until = Number.POSITIVE_INFINITY
  readonly #since = new Map<string, number>()
  readonly #out: { rule: string; said: string }[] = []

  constructor(book: RuleBook) {
    this.#book = book
  }

  run(events: readonly ChannelEvent[]): { rule: string; said: string }[] {
    const placedAt = events.find(e => e.event.type === 'order.placed')?.occurredAt ?? WORLD_END
    const known = Map.groupBy(events, e => Math.max(e.occurredAt, placedAt))
    for (const [at, together] of [...known].sort(([a], [b]) => a - b)) {
      if (at > WORLD_END) break
      this.#wake(at - 1)
      for (const event of together) this.#fold(event, at)
      this.#settle(at)
    }
    this.#wake(WORLD_END)
    for (const [rule, since] of this.#since) this.#out.push({ rule, said: `${since} null` })
    return this.#out
  }

  #wake(to: number): void {
    while (this.#until <= to) this.#settle(this.#until)
  }

  #fold({ event }: ChannelEvent, at: number): void {
    const parsed = parseEvent(event, { now: at })
    assert.ok(parsed.ok)
    const { type, v, occurredAt, body } = parsed.event
    const fact = {
      type,
      v,
      occurredAt,
      body,
      seq: ++this.#seq,
      recordedAt: at,
      knownAt: at,
      actor: 'feed',
      cause: null,
    }
    this.#state = ordersReactor.evolve(this.#state, fact)
  }

  #settle(at: number): void {
    const { holds, until } = this.#book.next(orderFacts(this.#state), at)
    this.#until = until
    this.#book.rules.forEach(({ id: rule }, i) => {
      const since = this.#since.get(rule)
      if (holds[i] === 1 && since === undefined) this.#since.set(rule, at)
      if (holds[i] === 1 || since === undefined) return
      this.#since.delete(rule)
      this.#out.push({ rule, said: `${since} ${at}` })
    })
  }
}
