import type { BulkCommand, BulkResult, CaseItem } from '../../../../../src/contract/api/index.ts'
import type { Args } from '../../../lib/api.ts'
import { SEVERITIES } from '../model/filters.ts'

/** What somebody does with cases, one of them or many: each verb is one command of the API. */

export const AT_ONCE = ['claim', 'start', 'resume', 'release'] as const
export type AtOnce = (typeof AT_ONCE)[number]
/** These ask something first. */
export const ASKING = [
  'assign',
  'snooze',
  'wait',
  'escalate',
  'note',
  'severity',
  'resolve',
  'close',
  'reopen',
] as const
export type Asking = (typeof ASKING)[number]
export type CaseVerb = AtOnce | Asking

type Status = CaseItem['status']
const AT_WORK: readonly Status[] = ['acknowledged', 'working', 'waiting']
const ACTIVE: readonly Status[] = ['open', ...AT_WORK]

/** In which states a verb makes sense; the domain has the last word. */
const FITS: { readonly [V in CaseVerb]: readonly Status[] } = {
  ...{ claim: ['open'], start: ['open', 'acknowledged', 'waiting'], resume: ['waiting'], release: AT_WORK },
  ...{ assign: [...ACTIVE, 'resolved'], snooze: ACTIVE, wait: ACTIVE, severity: [...ACTIVE, 'resolved'] },
  escalate: ACTIVE,
  ...{ note: [...ACTIVE, 'resolved', 'cleared', 'closed'], resolve: ACTIVE },
  ...{ close: [...ACTIVE, 'resolved', 'cleared'], reopen: ['resolved', 'cleared', 'closed'] },
}

export const fits = (verb: CaseVerb, { status }: Pick<CaseItem, 'status'>): boolean => FITS[verb].includes(status)

export interface Command {
  readonly command: BulkCommand
  readonly with: Args<'bulkCases'>['body']['with']
  /** What follows for the cases that it was done for. */
  readonly after?: Command
}

export const commandOf = (verb: AtOnce): Command => ({ command: verb === 'claim' ? 'acknowledge' : verb, with: {} })

/** What was filled in; each verb takes its own part of it. */
export interface Draft {
  readonly text: string
  /** Nobody is somebody to choose; undefined: nothing was chosen yet. */
  readonly owner: string | null | undefined
  readonly party: string
  /** As `datetime-local` has it, in the reader's zone; empty: not said. */
  readonly until: string
  readonly severity: CaseItem['severity']
  readonly cause: string
  readonly override: string
}

export const EMPTY: Draft = {
  ...{ text: '', owner: undefined, party: '', until: '', severity: 'P1', cause: '', override: '' },
}

/** What a form begins with: whoever escalates wants the next severity above the worst of them. */
export function draftFor(verb: CaseVerb, cases: readonly Pick<CaseItem, 'severity'>[]): Draft {
  if (verb !== 'escalate') return EMPTY
  const worst = Math.min(...cases.map(one => SEVERITIES.indexOf(one.severity)))
  return { ...EMPTY, severity: SEVERITIES[Math.max(0, worst - 1)] ?? EMPTY.severity }
}

export const noteOf = (text: string): Command => ({ command: 'note', with: { text: text.trim() } })

/** Null as long as nobody said when. */
function instantOf(local: string): string | null {
  const at = Date.parse(local)
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}

/** The command that a filled-in form stands for; null as long as it stands for none. */
export function askedOf(verb: Asking, draft: Draft): Command | null {
  const text = draft.text.trim()
  const note = text === '' ? {} : { note: text }
  const override = draft.override.trim()
  const until = instantOf(draft.until)
  switch (verb) {
    case 'assign':
      return draft.owner === undefined ? null : { command: 'assign', with: { owner: draft.owner, ...note } }
    case 'snooze':
      return until === null ? null : { command: 'snooze', with: { until, ...note } }
    case 'wait':
      return until === null ? null : { command: 'wait', with: { for: draft.party, until, ...note } }
    case 'note':
      return noteOf(text)
    case 'severity':
      return { command: 'severity', with: { severity: draft.severity, reason: text } }
    case 'escalate':
      if (!draft.owner) return null
      return {
        ...{ command: 'severity', with: { severity: draft.severity, reason: text } },
        after: { command: 'assign', with: { owner: draft.owner, note: text } },
      }
    case 'resolve':
      return { command: 'resolve', with: { result: text } }
    case 'close':
      return {
        command: 'close',
        with: { cause: draft.cause, result: text, ...(override !== '' && { override: { reason: override } }) },
      }
    case 'reopen':
      return { command: 'reopen', with: { reason: text } }
  }
}

/** Why a request failed; status 0: no answer came. */
export interface Fault {
  readonly status: number
  readonly detail: string
}

/** What became of the cases so far. */
export interface Outcome {
  readonly done: readonly string[]
  readonly skipped: BulkResult['skipped']
  readonly waiting: readonly string[]
  /** Not asked yet; they stay when the line breaks. */
  readonly todo: readonly string[]
  /** Why it went no further. */
  readonly error: Fault | null
}

export const nothingYet = (ids: readonly string[]): Outcome => ({
  ...{ done: [], skipped: [], waiting: [], todo: ids, error: null },
})

/** Cases of one request: few enough that one sees it go on. */
const TOGETHER = 100

type Request = Args<'bulkCases'>

export interface CarryingOut {
  /** How far it is. */
  readonly onStep?: (outcome: Outcome) => void
  /** Keys of requests that got no answer, by what they say: held by whoever may try again. */
  readonly unanswered?: Map<string, string>
  /** Ends it between two requests; what was sent is not called back. */
  readonly signal?: AbortSignal
  readonly send: (request: Request) => Promise<BulkResult>
}

/** Carries a command out on many cases, some at a time. What is sent again for want of an answer is done once. */
export async function inParts(command: Command, ids: readonly string[], how: CarryingOut): Promise<Outcome> {
  const { onStep, signal } = how
  let outcome = nothingYet(ids)
  while (outcome.todo.length > 0 && signal?.aborted !== true) {
    try {
      outcome = joined(outcome, await together(command, outcome.todo.slice(0, TOGETHER), how))
    } catch (cause) {
      return { ...outcome, error: isFault(cause) ? cause : LOST }
    }
    onStep?.(outcome)
  }
  return outcome
}

/** One request, and what follows it for the cases that took it. */
async function together(given: Command, ids: readonly string[], how: CarryingOut): Promise<BulkResult> {
  const first = await sendOnce({ command: given.command, ids: [...ids], with: given.with }, how)
  const took = [...first.done, ...first.waiting].map(one => one.id)
  if (given.after === undefined || took.length === 0) return first
  const { done, skipped, waiting } = await together(given.after, took, how)
  return { done, waiting, skipped: [...first.skipped, ...skipped] }
}

async function sendOnce(body: Request['body'], { unanswered = new Map(), send }: CarryingOut): Promise<BulkResult> {
  const said = JSON.stringify(body)
  const idempotencyKey = unanswered.get(said) ?? crypto.randomUUID()
  unanswered.set(said, idempotencyKey)
  try {
    const result = await send({ body, idempotencyKey })
    unanswered.delete(said)
    return result
  } catch (cause) {
    if (isFault(cause) && !mayBeDone(cause)) unanswered.delete(said)
    throw cause
  }
}

/** No answer, or one that does not say what became of the command. */
const mayBeDone = ({ status }: Fault): boolean => status === 0 || status >= 500

/** What became of them with what was tried again. */
export const continued = (before: Outcome, again: Outcome): Outcome => ({
  ...again,
  done: [...before.done, ...again.done],
  waiting: [...before.waiting, ...again.waiting],
})

const LOST: Fault = { status: 0, detail: '' }

const isFault = (cause: unknown): cause is Fault => cause instanceof Error && 'status' in cause && 'detail' in cause

const joined = (before: Outcome, { done, skipped, waiting }: BulkResult): Outcome => ({
  done: [...before.done, ...done.map(one => one.id)],
  skipped: [...before.skipped, ...skipped],
  waiting: [...before.waiting, ...waiting.map(one => one.id)],
  todo: before.todo.slice(TOGETHER),
  error: null,
})

/** What takes a command back, for the cases as they were before; empty when nothing does. @param now epoch ms */
export function undoOf(
  { command }: Command,
  before: readonly CaseItem[],
  now: number,
): readonly (Command & { ids: string[] })[] {
  const by = (key: (c: CaseItem) => string | null, of: (key: string | null) => Command) =>
    [...Map.groupBy(before, key)].map(([value, cases]) => ({ ...of(value), ids: cases.map(c => c.id) }))
  switch (command) {
    case 'acknowledge':
      return by(
        c => c.owner,
        owner => ({ command: 'release', with: { owner } }),
      )
    case 'assign':
      return by(
        c => c.owner,
        owner => ({ command: 'assign', with: { owner } }),
      )
    case 'snooze':
      return by(
        c => (c.snoozedUntil !== null && Date.parse(c.snoozedUntil) > now ? c.snoozedUntil : null),
        until => ({ command: 'snooze', with: { until } }),
      )
    case 'wait':
      return [{ command: 'resume', with: {}, ids: before.map(c => c.id) }]
    default:
      return []
  }
}
