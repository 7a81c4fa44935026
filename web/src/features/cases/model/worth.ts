import type { CaseItem } from '../../../../../src/contract/api/index.ts'

type Amount = NonNullable<CaseItem['amount']>

/** What cases are worth together, one sum for each currency; those of unknown worth add nothing. */
export const worthOf = (cases: readonly Pick<CaseItem, 'amount'>[]): Amount[] =>
  [
    ...Map.groupBy(
      cases.flatMap(one => one.amount ?? []),
      one => one.currency,
    ),
  ]
    .map(([currency, amounts]) => ({ currency, minor: amounts.reduce((sum, one) => sum + one.minor, 0) }))
    .filter(sum => sum.minor > 0)
