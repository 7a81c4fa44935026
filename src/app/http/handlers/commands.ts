import { COMMAND_SENT } from '../../../contract/audit.ts'
import { type CommandType, rightsOfCommand } from '../../../contract/commands.ts'
import type { Principal } from '../../../contract/principal.ts'
import { REFUSALS } from '../../../contract/refusals.ts'
import type { Right } from '../../../contract/rights.ts'
import { bucketOf } from '../../../kernel/bucket.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { type CommandAnswer, commandIdOf, commandWaits, outcomeOf } from '../../../pipeline/commands.ts'
import { caseRow, hasCaseInReach } from '../../../pipeline/queries/cases.ts'
import { isOrderInReach } from '../../../pipeline/queries/ledger.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import { notAllowed } from '../caller.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem, refusalName } from '../problem.ts'
import type { Caller, Handlers } from '../serve.ts'
import { caseRowOf } from './cases.ts'
import { orderHead } from './order.ts'

type CaseOperation =
  | 'acknowledgeCase'
  | 'assignCase'
  | 'startCase'
  | 'waitForCase'
  | 'resumeCase'
  | 'snoozeCase'
  | 'releaseCase'
  | 'noteCase'
  | 'setCaseSeverity'
  | 'resolveCase'
  | 'closeCase'
  | 'reopenCase'

interface Asked {
  readonly params: { readonly id: string }
  readonly headers: { readonly 'idempotency-key'?: string }
  readonly body: object
}

export function commandHandlers(deps: HttpDeps): Pick<Handlers, CaseOperation | 'noteOrder' | 'getCommand'> {
  const ofCase = (type: CommandType) => (asked: Asked, caller: Caller) =>
    commandOnCase(deps, caller, {
      ...{ id: asked.params.id, type, body: plain(asked.body) },
      given: asked.headers['idempotency-key'] ?? deps.newId(),
    })
  return {
    acknowledgeCase: ofCase('case.acknowledge'),
    assignCase: ofCase('case.assign'),
    startCase: ofCase('case.start'),
    waitForCase: ofCase('case.wait'),
    resumeCase: ofCase('case.resume'),
    snoozeCase: ofCase('case.snooze'),
    releaseCase: ofCase('case.release'),
    noteCase: ofCase('case.note'),
    setCaseSeverity: ofCase('case.set_severity'),
    resolveCase: ofCase('case.resolve'),
    closeCase: ofCase('case.close'),
    reopenCase: ofCase('case.reopen'),
    async noteOrder(asked, caller) {
      const { id } = asked.params
      await orderHead(deps, id, reachOf(caller.principal, 'order.read'))
      if (!(await isOrderInReach(deps.db, id, reachOf(caller.principal, 'order.note')))) throw notAllowed('order.note')
      const body = plain(asked.body)
      return carryOut(deps, { stream: id, type: 'order.note', body, key: keyOf(deps, asked, caller), caller })
    },
    async getCommand({ params: { stream, id } }, { principal }) {
      const bucket = bucketOf(stream)
      const seen = await maySee(deps, principal, stream)
      const outcome = seen ? await outcomeOf(deps.db, bucket, id) : null
      if (outcome) return answerOf(stream, { id, ...outcome })
      if (seen && (await commandWaits(deps.db, bucket, id))) return answerOf(stream, { id, status: 202 })
      throw new ApiProblem('command_not_found', 'Outcomes are kept for 48 hours: check the id of the command.')
    },
  }
}

/** Carries out a command on a case and answers with its outcome. @throws ApiProblem with the code of a refusal */
export async function commandOnCase(
  deps: HttpDeps,
  caller: Caller,
  { id, type, body, given }: { id: string; type: CommandType; body: JsonObject; given: string },
) {
  const { stream } = await caseFor(deps, caller.principal, { id, rights: rightsOfCommand(type, body) })
  return carryOut(deps, { stream, type, body: { ...body, case: id }, key: keyFor(caller, given), caller })
}

/** A case that the caller sees and over which they have the rights. @throws ApiProblem case_not_found, not_allowed */
async function caseFor(deps: HttpDeps, principal: Principal, asked: { id: string; rights: readonly Right[] }) {
  const row = await caseRowOf(deps, asked.id, reachOf(principal, 'case.read'))
  for (const right of asked.rights) {
    const reach = reachOf(principal, right)
    if (reach !== 'all' && (await caseRow(deps.db, asked.id, reach)) === null) throw notAllowed(right)
  }
  return row
}

/** An outcome is for who sees the order, or a case of it. */
const maySee = async ({ db }: HttpDeps, principal: Principal, stream: string): Promise<boolean> =>
  (await isOrderInReach(db, stream, reachOf(principal, 'order.read'))) ||
  (await hasCaseInReach(db, stream, reachOf(principal, 'case.read')))

// A checked body is JSON: it came as such, and a strict schema looked at all of it.
const plain = (body: object): JsonObject => body as JsonObject

// A key belongs to who gives it: the same key of somebody else is another command.
const keyFor = ({ principal }: Caller, given: string): string => `${principal.actor} ${given}`
const keyOf = (deps: HttpDeps, { headers }: Asked, caller: Caller): string =>
  keyFor(caller, headers['idempotency-key'] ?? deps.newId())

interface Order {
  readonly stream: string
  readonly type: CommandType
  readonly body: JsonObject
  readonly key: string
  readonly caller: Caller
}

async function carryOut(deps: HttpDeps, { stream, type, body, key, caller }: Order) {
  const request = { stream, type, body, actor: caller.actor, idempotencyKey: key }
  const subject = { kind: 'command', id: commandIdOf(request) }
  // The ledger tells what came of it; where it came from stands in the trail, which forgets addresses in time.
  const told = deps.audit.record(caller.who, { verb: COMMAND_SENT, subject, after: { command: type, order: stream } })
  const [answer] = await Promise.all([deps.pipeline.submit(request), told])
  return answerOf(stream, answer)
}

/** @throws ApiProblem with the code of the refusal */
function answerOf(stream: string, answer: CommandAnswer) {
  const { id } = answer
  if (answer.status === 202) {
    const href = `/v1/commands/${stream}/${id}`
    return { status: 202 as const, body: { id, stream, href }, headers: { location: href } }
  }
  const { version, body } = answer
  if (answer.status === 200) return { status: 200 as const, body: { id, stream, version, result: { ...body } } }
  throw refusalOf(body, { id, version })
}

const SENTENCES: { readonly [code: string]: { readonly zh: string; readonly en: string } } = REFUSALS

function refusalOf(body: JsonObject, command: { id: string; version: number }): ApiProblem {
  const code = typeof body.code === 'string' ? body.code : 'command_unknown'
  const sentence = SENTENCES[code] ?? { en: `The command was refused: ${code}`, zh: `命令被拒绝：${code}` }
  return new ApiProblem(refusalName(code), `${sentence.en}.`, {
    more: { ...command, refusal: code, sentence, ...(body.detail !== undefined && { detail: body.detail }) },
  })
}
