import type { EventBody, PaymentMethod } from '../../../contract/events/index.ts'
import type { Fact } from '../../../contract/stream.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { MoneyMove, OrderState } from '../types.ts'
import { MOVES_KEPT } from '../types.ts'
import type { Draft } from './draft.ts'
import { bodyAs } from './draft.ts'
import { outdates } from './stamps.ts'

export function foldPayment(draft: Draft, fact: Fact): void {
  const body = bodyAs(fact, 'payment.received')
  draft.payments = withMove(draft.payments, moveOf(paymentIdOf(body, fact.occurredAt), body, fact))
}

export function foldRefund(draft: Draft, fact: Fact): void {
  const body = bodyAs(fact, 'payment.refunded')
  const id = body.refundId ?? `${fact.occurredAt}/${body.method ?? ''}/${body.amount}`
  draft.refunds = withMove(draft.refunds, moveOf(id, body, fact))
}

// A source without ids sends the same payment twice with the same instant, method and amount, and never two such payments.
function paymentIdOf(body: EventBody<'payment.received'>, at: Instant): string {
  const { ref, sequence, method, amount } = body
  if (ref?.paymentId === undefined && sequence === undefined) return `${at}/${method}/${amount}`
  return `${ref?.paymentId ?? ''}#${sequence ?? ''}`
}

interface Given {
  readonly amount: number
  readonly currency: string
  readonly method?: PaymentMethod
  readonly correction?: true
}

const moveOf = (id: string, { amount, currency, method, correction }: Given, fact: Fact): MoneyMove => ({
  id,
  at: fact.occurredAt,
  amount,
  currency,
  ...(method !== undefined && { method }),
  ...(correction && { corrected: fact.knownAt }),
})

function withMove(moves: readonly MoneyMove[], move: MoneyMove): readonly MoneyMove[] {
  const index = moves.findIndex(m => m.id === move.id)
  if (index >= 0) return stands(moves[index]!, move) ? moves : moves.with(index, move)
  if (moves.length < MOVES_KEPT) return [...moves, move]
  return withRest(moves, move)
}

/** Whether the known move stands against another message about it: the rules of `stamp`, for the whole row. */
function stands(known: MoneyMove, given: MoneyMove): boolean {
  if (given.corrected === undefined) return known.corrected !== undefined || known.at <= given.at
  return !outdates({ occurredAt: given.at, knownAt: given.corrected }, known.at, known.corrected)
}

// Beyond the kept ones only sums per currency and method are held; a repeat among those cannot be told any more.
function withRest(moves: readonly MoneyMove[], move: MoneyMove): readonly MoneyMove[] {
  const id = `rest/${move.currency}/${move.method ?? ''}`
  const index = moves.findIndex(m => m.id === id)
  if (index < 0) return [...moves, { ...move, id }]
  const rest = moves[index]!
  return moves.with(index, { ...rest, at: Math.max(rest.at, move.at), amount: rest.amount + move.amount })
}

/** Sum of the moves in one currency, minor units; other currencies are not converted and do not count. */
export function totalOf(moves: readonly MoneyMove[], currency: string | undefined): number {
  let total = 0
  for (const move of moves) if (move.currency === currency) total += move.amount
  return total
}

/** When the last payment came; undefined when none did. */
export function lastPaidAt(payments: readonly MoneyMove[]): Instant | undefined {
  let last: Instant | undefined
  for (const { at } of payments) if (last === undefined || at > last) last = at
  return last
}

/** The method of the largest payment, of equals the earliest one's, then by name; what the customer declared when nothing was paid. */
export function paymentMethodOf(state: OrderState): PaymentMethod | undefined {
  let best: MoneyMove | undefined
  for (const payment of state.payments) if (best === undefined || isLarger(payment, best)) best = payment
  return best?.method ?? state.declaredMethod
}

function isLarger(a: MoneyMove, b: MoneyMove): boolean {
  if (a.amount !== b.amount) return a.amount > b.amount
  return a.at !== b.at ? a.at < b.at : (a.method ?? '') < (b.method ?? '')
}
