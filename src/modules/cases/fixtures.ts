import type { Fact, NewFact, Reaction, Refused, Send, StreamView } from '../../contract/stream.ts'
import { isRefused } from '../../contract/stream.ts'
import { digest26 } from '../../kernel/hash.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { casesReactor } from './core.ts'
import { caseIdOf } from './core-react.ts'
import type { Case, CasesState } from './types.ts'

/** A stream with nothing but cases on it, for tests: the loop of one stream in small. */
export interface Play {
  readonly state: CasesState
  readonly ledger: readonly Fact[]
  readonly sends: readonly Send[]
  readonly last: Reaction | Refused
}

export const STREAM = `o-${digest26('order', 'olist', 'A-1')}`
export const START: Play = { state: casesReactor.initial, ledger: [], sends: [], last: {} }
export const caseId = (type: string, scope = ''): string => caseIdOf(STREAM, type, scope)

export const viewOf = (state: CasesState, more: Partial<StreamView> = {}): StreamView => ({
  ...{ stream: STREAM, kind: 'order', historical: false, refs: { webhooks: true } },
  ...more,
  slices: { cases: state },
})

/** What a rule says; `late` raises the finding of rule `late`, type `late_type`. */
export const raised = (rule: string, at: number, more: JsonObject = {}): NewFact => ({
  type: 'finding.raised',
  occurredAt: at,
  body: { rule, version: 3, type: `${rule}_type`, severity: 'P1', at, evidence: { 'order.paidAt': 1000 }, ...more },
})
export const cleared = (rule: string, at: number, more: JsonObject = {}): NewFact => ({
  type: 'finding.cleared',
  occurredAt: at,
  body: { rule, version: 3, type: `${rule}_type`, at, evidence: { 'order.approvedAt': at }, ...more },
})

/** Facts that arrive in one row: queued together, folded and reacted to in order. */
export function tell(play: Play, facts: readonly NewFact[], more: Partial<StreamView> = {}): Play {
  const queue = [...facts]
  let { state, sends } = play
  const ledger = [...play.ledger]
  for (let i = 0; i < queue.length && i < 200; i++) {
    const fact = stamped(queue[i]!, ledger.length + 1)
    ledger.push(fact)
    state = casesReactor.evolve(state, fact)
    if (!casesReactor.on.includes(fact.type)) continue
    const reaction = casesReactor.react(viewOf(state, more), fact, fact.recordedAt)
    queue.push(...(reaction.facts ?? []))
    sends = [...sends, ...(reaction.sends ?? [])]
  }
  if (queue.length >= 200) throw new Error('the cases feed themselves')
  return { state, sends, ledger, last: {} }
}

const stamped = ({ type, body, occurredAt = 0, actor = 'system' }: NewFact, seq: number): Fact => ({
  ...{ type, v: 1, seq, occurredAt, recordedAt: occurredAt, knownAt: occurredAt, actor, cause: 'row-1', body },
})

/** A command, by `user:anna` unless said otherwise. */
export interface Asked {
  readonly type: string
  readonly body: JsonObject
  readonly at: number
  readonly actor?: string
}

export function ask(play: Play, { type, body, at, actor = 'user:anna' }: Asked, more: Partial<StreamView> = {}): Play {
  const last = casesReactor.handle!(viewOf(play.state, more), { type, id: `k-${at}`, actor, body }, at)
  if (isRefused(last)) return { ...play, last }
  const facts = (last.facts ?? []).map(f => ({ occurredAt: at, ...f }))
  const after = tell(play, facts, more)
  return { ...after, sends: [...play.sends, ...(last.sends ?? []), ...after.sends.slice(play.sends.length)], last }
}

/** The types of the facts that the last call added to `before`. */
export const added = (before: Play, after: Play): string[] => after.ledger.slice(before.ledger.length).map(f => f.type)

export function theCase(play: Play, type = 'late_type', scope = ''): Case {
  const c = play.state.cases[caseId(type, scope)]
  if (!c) throw new Error(`there is no case of ${type}`)
  return c
}
