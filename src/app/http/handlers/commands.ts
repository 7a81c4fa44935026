import type { CommandType } from '../../../contract/commands.ts'
import { REFUSALS } from '../../../contract/refusals.ts'
import { bucketOf } from '../../../kernel/bucket.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { type CommandAnswer, commandWaits, outcomeOf } from '../../../pipeline/commands.ts'
import { demand } from '../caller.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem, refusalName } from '../problem.ts'
import type { Caller, Handlers } from '../serve.ts'
import { caseRowOf } from './cases.ts'
import { orderHead } from './order.ts'

type CaseOperation =
  | 'acknowledgeCase'
  | 'assignCase'
  | 'startCase'
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
  const ofCase = (type: CommandType) => async (asked: Asked, caller: Caller) => {
    const { id } = asked.params
    const body = plain(asked.body)
    if (body.override !== undefined) demand(caller.principal, 'case.override')
    const { stream } = await caseRowOf(deps, id)
    return carryOut(deps, { stream, type, body: { ...body, case: id }, key: keyOf(deps, asked, caller), caller })
  }
  return {
    acknowledgeCase: ofCase('case.acknowledge'),
    assignCase: ofCase('case.assign'),
    startCase: ofCase('case.start'),
    noteCase: ofCase('case.note'),
    setCaseSeverity: ofCase('case.set_severity'),
    resolveCase: ofCase('case.resolve'),
    closeCase: ofCase('case.close'),
    reopenCase: ofCase('case.reopen'),
    async noteOrder(asked, caller) {
      const { id } = asked.params
      await orderHead(deps, id)
      const body = plain(asked.body)
      return carryOut(deps, { stream: id, type: 'order.note', body, key: keyOf(deps, asked, caller), caller })
    },
    async getCommand({ params: { stream, id } }) {
      const bucket = bucketOf(stream)
      const outcome = await outcomeOf(deps.db, bucket, id)
      if (outcome) return answerOf(stream, { id, ...outcome })
      if (await commandWaits(deps.db, bucket, id)) return answerOf(stream, { id, status: 202 })
      throw new ApiProblem('command_not_found', 'Outcomes are kept for 48 hours: check the id of the command.')
    },
  }
}

// A checked body is JSON: it came as such, and a strict schema looked at all of it.
const plain = (body: object): JsonObject => body as JsonObject

// A key belongs to who gives it: the same key of somebody else is another command.
const keyOf = (deps: HttpDeps, { headers }: Asked, { principal }: Caller): string =>
  `${principal.actor} ${headers['idempotency-key'] ?? deps.newId()}`

interface Order {
  readonly stream: string
  readonly type: CommandType
  readonly body: JsonObject
  readonly key: string
  readonly caller: Caller
}

async function carryOut(deps: HttpDeps, { stream, type, body, key, caller }: Order) {
  const request = { stream, type, body, actor: caller.actor, idempotencyKey: key }
  return answerOf(stream, await deps.pipeline.submit(request))
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
