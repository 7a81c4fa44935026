import { amount } from '../../../lib/format.ts'

/** An amount of facts with the decimals of the order's currency; without thousands, as it is typed. */
export const typedAmount = (minor: number, currency: unknown): string =>
  amount(minor, typeof currency === 'string' ? currency : null).replaceAll(',', '')
