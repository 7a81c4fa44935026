import type { BulkCommand, BulkResult, CaseItem } from '../../../../../src/contract/api/index.ts'
import type { ApiError, Args } from '../../../lib/api.ts'

/** What somebody does with cases, one of them or many: each verb is one command of the API. */

export const AT_ONCE = ['claim', 'start', 'resume', 'release'] as const
export type AtOnce = (typeof AT_ONCE)[number]
/** These ask something first. */
export const ASKING = ['assign', 'snooze', 'wait', 'note', 'severity', 'resolve', 'close', 'reopen'] as const
export type Asking = (typeof ASKING)[number]
export type CaseVerb = AtOnce | Asking

type Status = CaseItem['status']
const AT_WORK: readonly Status[] = ['acknowledged', 'working', 'waiting']
const ACTIVE: readonly Status[] = ['open', ...AT_WORK]

/** In which states a verb makes sense; the domain has the last word. */
const FITS: { readonly [V in CaseVerb]: readonly Status[] } = {
  ...{ claim: ['open'], start: ['open', 'acknowledged', 'waiting'], resume: ['waiting'], release: AT_WORK },
  ...{ assign: [...ACTIVE, 'resolved'], snooze: ACTIVE, wait: ACTIVE, severity: [...ACTIVE, 'resolved'] },
  ...{ note: [...ACTIVE, 'resolved', 'cleared', 'closed'], resolve: ACTIVE },
  ...{ close: [...ACTIVE, 'resolved', 'cleared'], reopen: ['resolved', 'cleared', 'closed'] },
}

export const fits = (verb: CaseVerb, { status }: Pick<CaseItem, 'status'>): boolean => FITS[verb].includes(status)

export interface Command {
  readonly command: BulkCommand
  readonly with: Args<'bulkCases'>['body']['with']
}

export const commandOf = (verb: AtOnce): Command => ({ command: verb === 'claim' ? 'acknowledge' : verb, with: {} })

/** What was filled in; each verb takes its own part of it. */
export interface Draft {
  readonly text: string
  readonly owner: string | null
  readonly party: string
  /** As `datetime-local` has it, in the reader's zone; empty: not said. */
  readonly until: string
  readonly severity: CaseItem['severity']
  readonly cause: string
  readonly override: string
}

export const EMPTY: Draft = {
  ...{ text: '', owner: null, party: '', until: '', severity: 'P1', cause: '', override: '' },
}

const instantOf = (local: string): string => new Date(local).toISOString()

/** The command that a filled-in form stands for. */
export function askedOf(verb: Asking, draft: Draft): Command {
  const text = draft.text.trim()
  const note = text === '' ? {} : { note: text }
  const override = draft.override.trim()
  switch (verb) {
    case 'assign':
      return { command: 'assign', with: { owner: draft.owner, ...note } }
    case 'snooze':
      return { command: 'snooze', with: { until: instantOf(draft.until), ...note } }
    case 'wait':
      return { command: 'wait', with: { for: draft.party, until: instantOf(draft.until), ...note } }
    case 'note':
      return { command: 'note', with: { text } }
    case 'severity':
      return { command: 'severity', with: { severity: draft.severity, reason: text } }
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

/** What became of the cases so far. */
export interface Outcome {
  readonly done: readonly string[]
  readonly skipped: BulkResult['skipped']
  readonly waiting: readonly string[]
  /** Not asked yet; they stay when the line breaks. */
  readonly todo: readonly string[]
  /** Why it went no further. */
  readonly error: ApiError | null
}

export const nothingYet = (ids: readonly string[]): Outcome => ({
  ...{ done: [], skipped: [], waiting: [], todo: ids, error: null },
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
