import type { BulkResult } from '../../../../../src/contract/api/index.ts'
import { ApiError, call, newKey } from '../../../lib/api.ts'
import { type Command, nothingYet, type Outcome } from './commands.ts'

/** Cases of one request: few enough that one sees it go on. */
const TOGETHER = 100

/** Carries a command out on many cases, some at a time; tells how far it is. What was sent twice is done once. */
export async function carryOut(
  { command, with: given }: Command,
  ids: readonly string[],
  onStep: (outcome: Outcome) => void = () => {},
): Promise<Outcome> {
  let outcome = nothingYet(ids)
  const key = newKey()
  while (outcome.todo.length > 0) {
    const part = outcome.todo.slice(0, TOGETHER)
    try {
      const body = { command, ids: [...part], with: given }
      const result = await call('bulkCases', { body, idempotencyKey: `${key}-${part[0]}` })
      outcome = joined(outcome, result)
    } catch (error) {
      return { ...outcome, error: error instanceof ApiError ? error : new ApiError(LOST(error)) }
    }
    onStep(outcome)
  }
  return outcome
}

const LOST = (cause: unknown) => ({ status: 0, problem: null, requestId: null, cause })

const joined = (before: Outcome, { done, skipped, waiting }: BulkResult): Outcome => ({
  done: [...before.done, ...done.map(one => one.id)],
  skipped: [...before.skipped, ...skipped],
  waiting: [...before.waiting, ...waiting.map(one => one.id)],
  todo: before.todo.slice(TOGETHER),
  error: null,
})
