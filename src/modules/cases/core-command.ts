import { budgetOf } from '../../contract/case-budgets.ts'
import { CAUSES, isCause } from '../../contract/causes.ts'
import type { CaseCommandType, Checked, CommandBody, Malformed } from '../../contract/commands.ts'
import { checkCommand, isCaseCommandType } from '../../contract/commands.ts'
import { accountableOf } from '../../contract/principal.ts'
import type { Command, NewFact, Reaction, Refused, StreamView } from '../../contract/stream.ts'
import { refuse } from '../../contract/stream.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { unreachable } from '../../kernel/unreachable.ts'
import { caseIn, endOf, statusAfterWait } from './core-fold.ts'
import { casesOf } from './core-react.ts'
import { sendsOf } from './core-sends.ts'
import type { Case, CaseStatus, CasesState } from './types.ts'

/** From which statuses a command may be given. Resolving and closing imply the steps before them. */
export const ALLOWED: { readonly [T in CaseCommandType]: readonly CaseStatus[] } = {
  'case.acknowledge': ['open'],
  'case.assign': ['open', 'acknowledged', 'working', 'waiting', 'resolved'],
  'case.start': ['open', 'acknowledged', 'waiting'],
  'case.wait': ['open', 'acknowledged', 'working', 'waiting'],
  'case.resume': ['waiting'],
  'case.snooze': ['open', 'acknowledged', 'working', 'waiting'],
  'case.release': ['acknowledged', 'working', 'waiting'],
  'case.note': ['open', 'acknowledged', 'working', 'waiting', 'resolved', 'cleared', 'closed'],
  'case.set_severity': ['open', 'acknowledged', 'working', 'waiting', 'resolved'],
  'case.resolve': ['open', 'acknowledged', 'working', 'waiting'],
  'case.close': ['open', 'acknowledged', 'working', 'waiting', 'resolved', 'cleared'],
  'case.reopen': ['resolved', 'cleared', 'closed'],
}

/** What a command is about, besides its own body. */
interface Matter {
  readonly c: Case
  readonly state: CasesState
  readonly actor: string
  readonly now: Instant
}

/** What a command adds and the status that its case then has; no fact when all is as asked for already. */
interface Verdict {
  readonly status: CaseStatus
  readonly fact?: NewFact
}

/** Decides a command. Its answer is `{ case, status }`; the codes of refusals are in `contract/refusals.ts`. */
export function handle(view: StreamView, command: Command, now: Instant): Reaction | Refused {
  const { type, actor } = command
  if (!isCaseCommandType(type)) return refuse('command_unknown', { command: type })
  const checked = checkCommand(type, command.body)
  if ('problem' in checked) return malformed(type, checked)
  const state = casesOf(view)
  const id = checked.body.case
  const c = caseIn(state, id)
  if (c === null) return refuse('case_not_found', { case: id })
  const allowed = ALLOWED[type]
  if (!allowed.includes(c.status)) return refuse('wrong_status', { case: id, status: c.status, command: type, allowed })
  const verdict = decide(checked, { c, state, actor, now })
  if ('refused' in verdict) return verdict
  const facts = verdict.fact ? [{ ...verdict.fact, actor }] : []
  return { facts, sends: sendsOf(view, facts), answer: { case: id, status: verdict.status } }
}

/** The two things that a close asks for have refusals of their own, as people and automation meet them daily. */
function malformed(type: CaseCommandType, { field, problem }: Malformed): Refused {
  if (type === 'case.close' && field === 'cause') return refuse('cause_required', { field, problem })
  if (type === 'case.close' && field === 'result') return refuse('result_required', { field, problem })
  return refuse('body_invalid', { field, problem })
}

function decide(command: Checked<CaseCommandType>, matter: Matter): Verdict | Refused {
  const { c, actor } = matter
  switch (command.type) {
    case 'case.acknowledge':
      return becomes('acknowledged', 'case.acknowledged', { ...command.body, owner: c.owner ?? accountableOf(actor) })
    case 'case.assign':
      return assign(command.body, c)
    case 'case.start':
      return becomes('working', 'case.started', { ...command.body, owner: c.owner ?? accountableOf(actor) })
    case 'case.wait':
      return wait(command.body, matter)
    case 'case.resume':
      return becomes(statusAfterWait(c), 'case.resumed', command.body)
    case 'case.snooze':
      return snooze(command.body, matter)
    case 'case.release':
      return becomes('open', 'case.released', { ...command.body, owner: command.body.owner ?? null, from: c.owner })
    case 'case.note':
      return becomes(c.status, 'case.noted', command.body)
    case 'case.set_severity':
      if (command.body.severity === c.severity) return { status: c.status }
      return becomes(c.status, 'case.severity_set', {
        ...command.body,
        ...{ from: c.severity, budget: budgetOf(c.type, command.body.severity) },
      })
    case 'case.resolve':
      return becomes('resolved', 'case.resolved', command.body)
    case 'case.close':
      return close(command.body, matter)
    case 'case.reopen':
      return reopen(command.body, matter)
    default:
      return unreachable(command)
  }
}

const becomes = (status: CaseStatus, type: string, body: JsonObject): Verdict => ({ status, fact: { type, body } })

function assign(body: CommandBody<'case.assign'>, c: Case): Verdict | Refused {
  if (body.owner === c.owner) return { status: c.status }
  if (body.owner === null && (c.status === 'working' || c.status === 'waiting'))
    return refuse('owner_required', { case: c.id })
  return becomes(c.status, 'case.assigned', { ...body, from: c.owner })
}

function wait(body: CommandBody<'case.wait'>, { c, actor, now }: Matter): Verdict | Refused {
  if (body.until <= now) return refuse('until_past', { case: c.id, until: body.until, now })
  return becomes('waiting', 'case.waiting', { ...body, owner: c.owner ?? accountableOf(actor) })
}

function snooze(body: CommandBody<'case.snooze'>, { c, now }: Matter): Verdict | Refused {
  if (body.until !== null && body.until <= now) return refuse('until_past', { case: c.id, until: body.until, now })
  if (body.until === c.snoozedUntil) return { status: c.status }
  return becomes(c.status, 'case.snoozed', body)
}

/** The close gate: a cause from the catalogue, a result, and the anomaly gone - or a reason why it is closed anyway. */
function close(body: CommandBody<'case.close'>, { c, state, now }: Matter): Verdict | Refused {
  const { case: id, cause, result, note, override } = body
  if (!isCause(cause)) return refuse('cause_unknown', { cause, causes: Object.keys(CAUSES) })
  if (c.holds && !override) return refuse('anomaly_still_holds', { case: id, rules: rulesHolding(state, c) })
  const about = { case: id, type: c.type, scope: c.scope, severity: c.severity, rule: c.rule, version: c.version }
  const said = { cause, result, ...(note && { note }), ...(c.holds && { override }) }
  return becomes('closed', 'case.closed', { ...about, at: now, ...said, times: c.reopened })
}

const rulesHolding = (state: CasesState, c: Case): string[] =>
  Object.values(state.findings)
    .filter(f => f.holding > 0 && f.type === c.type && f.scope === c.scope)
    .map(f => f.rule)

function reopen(body: CommandBody<'case.reopen'>, { c, now }: Matter): Verdict {
  const about = { case: c.id, type: c.type, scope: c.scope, severity: c.severity, at: now, reason: body.reason }
  const link = { times: c.reopened + 1, from: c.status, reopenedFrom: endOf(c), status: 'open' }
  return becomes('open', 'case.reopened', { ...about, ...link })
}
