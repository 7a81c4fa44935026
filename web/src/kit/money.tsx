import './money.css'
import type { ReactNode } from 'react'
import { amount, symbolOf } from '../lib/format.ts'

export interface MoneyProps {
  readonly of: { readonly minor: number; readonly currency: string | null } | null
  /** Decimals; the currency's own when left out. */
  readonly digits?: number
  /** Leaves the sign out where the head of the column has it. */
  readonly bare?: boolean
}

/** An amount, its sign thin, never wrapped and never cut. */
export const Money = ({ of, digits, bare }: MoneyProps): ReactNode =>
  of === null ? (
    <span className="d2">—</span>
  ) : (
    <span className="nw">
      {!bare && <span className="ccy">{symbolOf(of.currency)}</span>}
      {amount(of.minor, of.currency, digits)}
    </span>
  )
