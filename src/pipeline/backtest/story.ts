import type { FactValues } from '../../contract/facts.ts'
import { accountableOf } from '../../contract/principal.ts'
import type { Fact } from '../../contract/stream.ts'
import { DAY, type Instant } from '../../kernel/instant.ts'

/**
 * The story of an order, as back-tests read it. Frame: what rules could read from an instant on, by what was known then;
 * each holds only what changed since the one before. Mark: a case that a live rule opened, so that hits can be told
 * whose order people had perhaps been told of.
 */

/** What makes facts for rules of an order's ledger; put together in `reactors.ts`. */
export interface FactsFold<S> {
  readonly initial: S
  evolve(state: S, fact: Fact): S
  values(state: S): FactValues
}

type Fields = { [field: string]: unknown }
/** From when, what changed of the record `order` (null: gone), and which other roots are now what. */
export type Frame = readonly [at: Instant, order: Fields, others?: Fields]

/** Type of the case, when it was opened, and when a person first did something with it. */
export type Mark = readonly [type: string, openedAt: Instant, actedAt: Instant | null]

export interface Story {
  readonly f: readonly Frame[]
  readonly m?: readonly Mark[]
}

/** The root that changes with almost every fact is told field by field; the others are lists and told whole. */
export const RECORD = 'order'

/** Facts in the order of their ledger; what was known at one instant is one frame. */
export function storyOf<S>(facts: readonly Fact[], fold: FactsFold<S>): Story {
  const frames: Frame[] = []
  let state = fold.initial
  let before: FactValues = {}
  let now = 0
  for (let i = 0; i < facts.length; i++) {
    state = fold.evolve(state, facts[i]!)
    now = Math.max(now, facts[i]!.knownAt)
    const next = facts[i + 1]
    if (next !== undefined && next.knownAt <= now) continue
    const values = fold.values(state)
    const frame = frameOf(now, before, values)
    if (frame !== null) frames.push(frame)
    before = values
  }
  const marks = marksOf(facts)
  return { f: frames, ...(marks.length > 0 && { m: marks }) }
}

function frameOf(at: Instant, before: FactValues, after: FactValues): Frame | null {
  const order = changedFields(recordIn(before), recordIn(after))
  const others: Fields = {}
  for (const [root, value] of Object.entries(after))
    if (root !== RECORD && value !== before[root] && JSON.stringify(value) !== JSON.stringify(before[root]))
      others[root] = value
  const more = Object.keys(others).length > 0
  if (!more && Object.keys(order).length === 0) return null
  return more ? [at, order, others] : [at, order]
}

function changedFields(before: Fields, after: Fields): Fields {
  const changed: Fields = {}
  for (const field in after) if (after[field] !== before[field]) changed[field] = after[field]
  for (const field in before) if (!(field in after)) changed[field] = null
  return changed
}

/** Safe: a projection gives a record of fields under this root. */
const recordIn = (values: FactValues): Fields => (values[RECORD] ?? {}) as Fields

/** Cases that were opened while the order was live, or that a person worked on. */
function marksOf(facts: readonly Fact[]): Mark[] {
  const marks = new Map<string, { type: string; openedAt: Instant; actedAt: Instant | null; live: boolean }>()
  for (const { type, body, actor, knownAt, recordedAt } of facts) {
    if (!type.startsWith('case.') || typeof body.case !== 'string') continue
    const known = marks.get(body.case)
    if (type === 'case.opened') {
      // History is written down long after it was known; nobody was told of its cases.
      const live = recordedAt - knownAt < DAY
      marks.set(body.case, { type: String(body.type ?? ''), openedAt: knownAt, actedAt: null, live })
    } else if (known && known.actedAt === null && accountableOf(actor).startsWith('user:')) known.actedAt = knownAt
  }
  return [...marks.values()].flatMap(({ type, openedAt, actedAt, live }): Mark[] =>
    live || actedAt !== null ? [[type, openedAt, actedAt]] : [],
  )
}

function changeFields(record: Fields, changed: Fields): void {
  for (const field in changed) {
    if (changed[field] === null) delete record[field]
    else record[field] = changed[field]
  }
}

/** Applies a frame to the values so far, in place: they are read and forgotten before the next one. */
export function apply(values: Fields, [, order, others]: Frame): void {
  // Nothing is taken away by a first frame, and a copy as a whole is many times faster than one field by field.
  if (values[RECORD] === undefined) values[RECORD] = { ...order }
  else changeFields(recordIn(values), order)
  if (others !== undefined) for (const root in others) values[root] = others[root]
}
