import type { Fact, NewFact, Reaction, Reactor, StreamView, Tick } from '../../contract/stream.ts'
import { NOTHING } from '../../contract/stream.ts'
import { HOUR, type Instant } from '../../kernel/instant.ts'

export const FEED_SLICE = 'feed'
const RAISED = 'finding.raised'
const CLEARED = 'finding.cleared'
const UNMATCHED = 'feed.message_unmatched'
const MATCHED = 'feed.message_matched'
const DROPPED = 'feed.message_dropped'
const RULE = 'unmatched_timeout'

/**
 * A feed: one stream of messages from one outside system. Messages that wait for their order are counted by the hour
 * in which their patience ends, so that the state stays small however many wait.
 */
export interface FeedState {
  readonly name: string
  /** End of the hour (epoch ms) -> messages that nobody claimed by then. */
  readonly waiting: { readonly [hourEnd: string]: number }
  /** Messages whose hour has passed. */
  readonly overdue: number
  /** Instant at which the standing finding was raised, or null. */
  readonly overdueSince: Instant | null
}

const hourEnd = (at: Instant): Instant => Math.floor(at / HOUR) * HOUR + HOUR

/** Counts the messages of a feed that wait, and raises a finding when some waited too long; see `ingress`. */
export const feedReactor: Reactor<FeedState> = {
  slice: FEED_SLICE,
  shape: 1,
  initial: { name: '', waiting: {}, overdue: 0, overdueSince: null },
  on: [UNMATCHED, MATCHED, DROPPED, 'tick'],
  adds: [RAISED, CLEARED],
  evolve,
  react,
  wakeAt(view, now) {
    const ends = Object.keys(stateIn(view).waiting).map(Number)
    const next = Math.min(...ends.filter(end => end > now))
    return Number.isFinite(next) ? next : null
  },
}

const COUNTED = new Set([UNMATCHED, MATCHED, DROPPED])

function evolve(state: FeedState, fact: Fact): FeedState {
  if (fact.type === RAISED) return { ...state, overdueSince: fact.recordedAt }
  if (fact.type === CLEARED) return { ...state, overdueSince: null }
  if (!COUNTED.has(fact.type)) return state
  const { feed, until } = messageIn(fact)
  const change = fact.type === UNMATCHED ? 1 : -1
  const end = hourEnd(until)
  // Hours that have passed become one number, else a feed with a wrong key would grow for ever.
  const { waiting, overdue } = passed(state, fact.recordedAt)
  if (end <= fact.recordedAt) return { ...state, name: feed, waiting, overdue: overdue + change }
  const { [String(end)]: before = 0, ...others } = waiting
  const count = before + change
  // Below zero for a moment when the message's order came so soon that the second notice is handled first.
  return { ...state, name: feed, overdue, waiting: count === 0 ? others : { ...others, [String(end)]: count } }
}

function passed(state: FeedState, now: Instant): Pick<FeedState, 'waiting' | 'overdue'> {
  const ends = Object.entries(state.waiting)
  if (ends.every(([end]) => Number(end) > now)) return state
  const open = ends.filter(([end]) => Number(end) > now)
  const over = ends.filter(([end]) => Number(end) <= now)
  return { waiting: Object.fromEntries(open), overdue: over.reduce((sum, [, n]) => sum + n, state.overdue) }
}

function react(view: StreamView, _fact: Fact | Tick, now: Instant): Reaction {
  const state = stateIn(view)
  const overdue = overdueAt(state, now)
  if (overdue > 0 === (state.overdueSince !== null)) return NOTHING
  const evidence = { 'feed.name': state.name, 'feed.unmatched': overdue }
  const body = { rule: RULE, version: 1, type: RULE, at: now, evidence }
  const fact: NewFact =
    overdue > 0
      ? { type: RAISED, actor: `rule:${RULE}@1`, body: { ...body, severity: 'P2', clears: 'auto', flipAt: null } }
      : { type: CLEARED, actor: `rule:${RULE}@1`, body }
  return { facts: [fact] }
}

const overdueAt = (state: FeedState, now: Instant): number => passed(state, now).overdue

/** Safe: the slice holds what `initial` and `evolve` of this reactor made. */
const stateIn = (view: StreamView): FeedState => view.slices[FEED_SLICE] as FeedState

/** Safe: only the ingress writes these facts, with this body. */
const messageIn = (fact: Fact): { feed: string; until: Instant } => fact.body as { feed: string; until: Instant }
