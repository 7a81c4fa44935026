import type { OrderState } from '../types.ts'
import { totalOf } from './money-moves.ts'

/** Minor units of `currency`. */
export interface Totals {
  readonly currency: string
  /** Lines less discounts, plus tax that the prices do not contain; never negative. */
  readonly items: number
  /** Of the lines and of the order. */
  readonly freight: number
  readonly order: number
  readonly paid: number
  readonly refunded: number
}

/** What an order is worth and what was paid. An order whose currency is not known yet counts in that of its first payment. */
export function totalsOf({ currency: own, basket, fees, payments, refunds }: OrderState): Totals {
  const currency = own ?? payments[0]?.currency ?? refunds[0]?.currency ?? ''
  const items = Math.max(0, (basket?.items ?? 0) - (fees?.discount ?? 0) + (fees?.tax ?? 0))
  const freight = (basket?.freight ?? 0) + (fees?.freight ?? 0)
  return {
    currency,
    items,
    freight,
    order: items + freight,
    paid: totalOf(payments, currency),
    refunded: totalOf(refunds, currency),
  }
}
