import type { BulkCommand, BulkResult } from '../../../contract/api/index.ts'
import type { CommandType } from '../../../contract/commands.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Caller, Handlers } from '../serve.ts'
import { commandOnCase } from './commands.ts'

/** Commands that wait for their outcomes at once; the lanes take them in batches. */
const TOGETHER = 50

const TYPES: { readonly [C in BulkCommand]: CommandType } = {
  acknowledge: 'case.acknowledge',
  assign: 'case.assign',
  start: 'case.start',
  wait: 'case.wait',
  resume: 'case.resume',
  snooze: 'case.snooze',
  release: 'case.release',
  note: 'case.note',
  severity: 'case.set_severity',
  resolve: 'case.resolve',
  close: 'case.close',
  reopen: 'case.reopen',
}

export function caseBulkHandlers(deps: HttpDeps): Pick<Handlers, 'bulkCases'> {
  return {
    async bulkCases({ body, headers }, caller) {
      const result: Mutable = { done: [], skipped: [], waiting: [] }
      const given = headers['idempotency-key'] ?? deps.newId()
      const ids = [...new Set(body.ids)]
      const one = (id: string) =>
        carryOut(deps, caller, { id, type: TYPES[body.command], body: plain(body.with), given, result })
      for (let at = 0; at < ids.length; at += TOGETHER) await Promise.all(ids.slice(at, at + TOGETHER).map(one))
      return { status: 200, body: result }
    },
  }
}

type Mutable = { -readonly [K in keyof BulkResult]: BulkResult[K] }

// A checked body is JSON: it came as such, and a strict schema looked at all of it.
const plain = (body: object): JsonObject => body as JsonObject

interface One {
  readonly id: string
  readonly type: CommandType
  readonly body: JsonObject
  readonly given: string
  readonly result: Mutable
}

async function carryOut(deps: HttpDeps, caller: Caller, { id, type, body, given, result }: One): Promise<void> {
  try {
    const answer = await commandOnCase(deps, caller, { id, type, body, given: `${given}/${id}` })
    if (answer.status === 202) result.waiting.push({ id, href: answer.body.href })
    else result.done.push({ id, status: String(answer.body.result.status), version: answer.body.version })
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    result.skipped.push({ id, code: error.code, sentence: error.sentence })
  }
}
