import type { LedgerItem } from '../../../../../src/contract/api/index.ts'

/** The facts that had happened, or were known, at an instant (null: now); the newest first. */
export function factsShown(items: readonly LedgerItem[], at: number | null, by: 'occurred' | 'known'): LedgerItem[] {
  const instantOf = (fact: LedgerItem): number => Date.parse(by === 'known' ? fact.knownAt : fact.occurredAt)
  return items
    .filter(fact => at === null || instantOf(fact) <= at)
    .sort((a, b) => instantOf(b) - instantOf(a) || b.seq - a.seq)
}
