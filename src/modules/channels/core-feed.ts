import type { Fact, NewFact, PartPut, Reaction, Reactor, StreamView, Tick } from '../../contract/stream.ts'
import { NOTHING } from '../../contract/stream.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../../kernel/instant.ts'
import { gapAt, newRhythm, type Rhythm, relearned, type Silence, silentAt, withGap } from './core-rhythm.ts'

export const FEED_SLICE = 'feed'
const RAISED = 'finding.raised'
const CLEARED = 'finding.cleared'
const UNMATCHED = 'feed.message_unmatched'
const MATCHED = 'feed.message_matched'
const DROPPED = 'feed.message_dropped'
const RULE = 'unmatched_timeout'
const HEARD = 'feed.heard'
const UNHEARD = 'feed.unheard'
const CLOSED = 'case.closed'
const REOPENED = 'case.reopened'
export const SILENT = 'feed_silent'
/** Under this name other streams are told of a feed. */
export const FEED_PART = 'feed'
/** Types of events that are remembered of a feed. */
const MOST_TYPES = 100
/** What a feed sends after a silence is taken in for so long before anything is concluded from it. */
export const SETTLING = 2 * MINUTE
/** A silence keeps findings back for so many usual gaps, within these bounds: a feed that is gone must not mute rules. */
const KEEPS_GAPS = 20
export const KEEPS_LEAST = 12 * HOUR
export const KEEPS_MOST = 3 * DAY

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
  /** Its heartbeat; none before the first one. */
  readonly beat?: Beat
}

export interface Beat {
  readonly heardAt: Instant
  readonly rhythm: Rhythm
  /** Types of events that it sends. */
  readonly types: readonly string[]
  /** When it counts as silent if nothing is heard of it; null while its rhythm is not known. */
  readonly dueAt: Instant | null
  /** Since when it is silent; it stays until what it sent on return was taken in. */
  readonly silentSince: Instant | null
  /** When it was first heard of again. */
  readonly backAt: Instant | null
  /** Somebody closed the case of this silence: nothing is kept back for it any more. */
  readonly givenUp?: true
  /** When nobody of ours listened, the last time; what was missed then has until `SETTLING` after it to come. */
  readonly deaf?: Deaf
  /** The latest gaps that were silences; they become the rhythm when they are what is usual now. */
  readonly silences?: readonly Silence[]
}

export interface Deaf {
  readonly from: Instant
  readonly until: Instant
}

const hourEnd = (at: Instant): Instant => Math.floor(at / HOUR) * HOUR + HOUR

/**
 * Counts the messages of a feed that wait, and raises a finding when some waited too long; learns its rhythm from its
 * heartbeats, and raises one when it falls silent. See `ingress`.
 */
export const feedReactor: Reactor<FeedState> = {
  slice: FEED_SLICE,
  shape: 2,
  initial: { name: '', waiting: {}, overdue: 0, overdueSince: null },
  on: [UNMATCHED, MATCHED, DROPPED, HEARD, UNHEARD, CLOSED, REOPENED, 'tick'],
  adds: [RAISED, CLEARED],
  evolve,
  react,
  wakeAt(view, now) {
    const state = stateIn(view)
    const ends = [...Object.keys(state.waiting).map(Number), ...turnsOf(state.beat)]
    const next = Math.min(...ends.filter(end => end > now))
    return Number.isFinite(next) ? next : null
  },
}

/** When a feed falls silent if nothing happens, and when it has settled after its return. */
function turnsOf(beat: Beat | undefined): Instant[] {
  if (beat === undefined) return []
  const { dueAt, silentSince, backAt } = beat
  if (silentSince !== null) return backAt === null ? [] : [backAt + SETTLING]
  return dueAt === null ? [] : [dueAt]
}

const COUNTED = new Set([UNMATCHED, MATCHED, DROPPED])

function evolve(state: FeedState, fact: Fact): FeedState {
  if (fact.type === RAISED || fact.type === CLEARED) return told(state, fact)
  if (fact.type === HEARD) return heard(state, fact)
  if (fact.type === UNHEARD) return unheard(state, fact)
  if (fact.type === CLOSED || fact.type === REOPENED) return givenUp(state, fact)
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

function told(state: FeedState, { type, body, recordedAt, occurredAt }: Fact): FeedState {
  const since = type === RAISED ? recordedAt : null
  if (body.rule !== SILENT) return { ...state, overdueSince: since }
  if (state.beat === undefined) return state
  const { givenUp: _, ...beat } = state.beat
  const back = { silentSince: null, backAt: null, dueAt: silentAt(beat.rhythm, beat.heardAt) }
  return { ...state, beat: { ...beat, ...(type === RAISED ? { silentSince: occurredAt } : back) } }
}

/** Only a command closes a case: whoever did it knows that this silence is to be lived with; reopening takes it back. */
function givenUp(state: FeedState, { type, body }: Fact): FeedState {
  const { beat } = state
  if (body.type !== SILENT || beat === undefined || beat.silentSince === null) return state
  const { givenUp: _, ...missed } = beat
  return { ...state, beat: type === CLOSED ? { ...missed, givenUp: true } : missed }
}

function heard(state: FeedState, { body, occurredAt: at }: Fact): FeedState {
  const { feed, types } = heardIn(body)
  const before = state.beat
  const known = [...new Set([...(before?.types ?? []), ...types])].sort().slice(0, MOST_TYPES)
  if (before === undefined) {
    const beat = { heardAt: at, rhythm: newRhythm(at), types: known, dueAt: null, silentSince: null, backAt: null }
    return { ...state, name: feed, beat }
  }
  const { heardAt, silentSince, backAt } = before
  const learned = at > heardAt ? learnedFrom(before, at) : {}
  const latest = Math.max(at, heardAt)
  const dueAt = silentAt(learned.rhythm ?? before.rhythm, latest)
  const back = silentSince === null ? null : (backAt ?? at)
  return { ...state, name: feed, beat: { ...before, ...learned, heardAt: latest, types: known, dueAt, backAt: back } }
}

/**
 * Nobody listened for a while, so that the feed's silence of then says nothing: its time goes on where we stopped, or it
 * counts as heard of when we began again, whichever calls it silent sooner.
 */
function unheard(state: FeedState, { body }: Fact): FeedState {
  const { beat } = state
  if (beat === undefined) return state
  const { from: since, until } = unheardIn(body)
  const from = Math.max(since, beat.heardAt, beat.deaf?.until ?? 0)
  if (until <= from) return state
  const deaf = { from, until }
  if (beat.silentSince !== null || beat.dueAt === null) return { ...state, beat: { ...beat, deaf } }
  const afresh = silentAt(beat.rhythm, until) ?? Number.POSITIVE_INFINITY
  return { ...state, beat: { ...beat, deaf, dueAt: Math.min(beat.dueAt + until - from, afresh) } }
}

/** A gap that was a silence is no part of the rhythm, lest a fault makes the next one look usual; see `relearned`. */
function learnedFrom({ rhythm, heardAt, silentSince, backAt, deaf, silences = [] }: Beat, at: Instant): Partial<Beat> {
  const gap = at - heardAt
  // Nobody knows when it would have been heard of.
  if (deaf !== undefined && deaf.until > heardAt) return {}
  if (silentSince === null || backAt !== null) return { rhythm: withGap(rhythm, heardAt, gap) }
  const { rhythm: next, left } = relearned(rhythm, [...silences, { from: heardAt, gap }])
  return { rhythm: next, silences: left }
}

/** Safe: only the ingress writes it, with this body. */
const heardIn = (body: Fact['body']): { feed: string; types: readonly string[] } =>
  body as { feed: string; types: readonly string[] }

/** Safe: only `tellOutage` of the pipeline writes it, with this body. */
const unheardIn = (body: Fact['body']): Deaf => body as unknown as Deaf

function passed(state: FeedState, now: Instant): Pick<FeedState, 'waiting' | 'overdue'> {
  const ends = Object.entries(state.waiting)
  if (ends.every(([end]) => Number(end) > now)) return state
  const open = ends.filter(([end]) => Number(end) > now)
  const over = ends.filter(([end]) => Number(end) <= now)
  return { waiting: Object.fromEntries(open), overdue: over.reduce((sum, [, n]) => sum + n, state.overdue) }
}

function react(view: StreamView, fact: Fact | Tick, now: Instant): Reaction {
  const state = stateIn(view)
  if (fact.type === CLOSED || fact.type === REOPENED) return { parts: partOf(state, []) }
  const facts = [...waitingFacts(state, now), ...silenceFacts(state, now)]
  const parts = fact.type === HEARD || fact.type === UNHEARD || facts.length > 0 ? partOf(state, facts) : []
  if (facts.length + parts.length === 0) return NOTHING
  return { ...(facts.length > 0 && { facts }), ...(parts.length > 0 && { parts }) }
}

/** What the rules of orders are told of the feed; see `FeedShelf` of the pipeline. */
function partOf({ name, beat }: FeedState, facts: readonly NewFact[]): PartPut[] {
  if (beat === undefined) return []
  const turn = facts.find(f => f.body.rule === SILENT)
  const over = turn?.type === CLEARED
  const { heardAt, types, deaf = null } = beat
  const silentSince = turn?.type === RAISED ? (turn.occurredAt ?? null) : over ? null : beat.silentSince
  const dueAt = over ? silentAt(beat.rhythm, heardAt) : beat.dueAt
  const keepsUntil = keepsUntilOf({ ...beat, silentSince, dueAt })
  const told = { name, heardAt, dueAt, silentSince, keepsUntil, types: [...types], deaf: deaf && { ...deaf } }
  return [{ kind: FEED_PART, part: name, body: told }]
}

/** Until when its present silence, or the one that comes next, keeps findings back; null while it is not watched. */
export function keepsUntilOf({ rhythm, silentSince, dueAt, givenUp }: Omit<Beat, 'types'>): Instant | null {
  const from = silentSince ?? dueAt
  if (from === null || givenUp) return from
  return from + Math.min(KEEPS_MOST, Math.max(KEEPS_LEAST, KEEPS_GAPS * gapAt(rhythm, 0.5)))
}

/** Raised at the instant from which the silence is one, cleared when what came on return was taken in. */
function silenceFacts({ name, beat }: FeedState, now: Instant): NewFact[] {
  if (beat === undefined) return []
  const { dueAt, silentSince, backAt, heardAt, rhythm } = beat
  const actor = `rule:${SILENT}@1`
  const evidence = { 'feed.name': name, 'feed.heardAt': heardAt, 'feed.usualGap': gapAt(rhythm, 0.5) }
  const body = { rule: SILENT, version: 1, type: SILENT, at: now, evidence }
  if (silentSince === null && dueAt !== null && now >= dueAt) {
    const raised = { ...body, at: dueAt, severity: 'P1', clears: 'auto', flipAt: null }
    return [{ type: RAISED, actor, occurredAt: dueAt, body: raised }]
  }
  const settled = silentSince !== null && backAt !== null && now >= backAt + SETTLING
  return settled ? [{ type: CLEARED, actor, body }] : []
}

function waitingFacts(state: FeedState, now: Instant): NewFact[] {
  const overdue = overdueAt(state, now)
  if (overdue > 0 === (state.overdueSince !== null)) return []
  const evidence = { 'feed.name': state.name, 'feed.unmatched': overdue }
  const body = { rule: RULE, version: 1, type: RULE, at: now, evidence }
  const fact: NewFact =
    overdue > 0
      ? { type: RAISED, actor: `rule:${RULE}@1`, body: { ...body, severity: 'P2', clears: 'auto', flipAt: null } }
      : { type: CLEARED, actor: `rule:${RULE}@1`, body }
  return [fact]
}

const overdueAt = (state: FeedState, now: Instant): number => passed(state, now).overdue

/** Safe: the slice holds what `initial` and `evolve` of this reactor made. */
const stateIn = (view: StreamView): FeedState => view.slices[FEED_SLICE] as FeedState

/** Safe: only the ingress writes these facts, with this body. */
const messageIn = (fact: Fact): { feed: string; until: Instant } => fact.body as { feed: string; until: Instant }
