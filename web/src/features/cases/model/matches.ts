import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import { type Filters, queryOf } from './filters.ts'

/**
 * Whether a case belongs into a list, as far as its row tells; null when only the server knows. For cases that are told
 * live: they wait behind a line until the list is read again.
 */
export function matches(
  item: CaseItem,
  filters: Filters,
  at: { readonly now: number; readonly me: string },
): boolean | null {
  const { q, order, ...rest } = filters
  const told = isInLists(item, rest, at.me) && isInState(item, rest, at.now) && isInRanges(item, rest, at.now)
  if (!told) return false
  return q === undefined && (order === undefined || order === item.stream || order === item.orderNo) ? true : null
}

function isInLists(item: CaseItem, filters: Filters, me: string): boolean {
  const { status, severity, type, owner, channel, region, cause, holds } = filters
  const isOwner = (wanted: string): boolean =>
    wanted === 'none' ? item.owner === null : item.owner === (wanted === 'me' ? me : wanted)
  return (
    (status?.includes(item.status) ?? true) &&
    (severity?.includes(item.severity) ?? true) &&
    (type?.includes(item.type) ?? true) &&
    (owner?.some(isOwner) ?? true) &&
    (channel?.includes(item.channel ?? '') ?? true) &&
    (region?.includes(item.region ?? '') ?? true) &&
    (cause?.includes(item.cause ?? '') ?? true) &&
    (holds === undefined || holds === item.holds)
  )
}

function isInState(item: CaseItem, { state, snoozed }: Filters, now: number): boolean {
  const over = item.status === 'closed' || item.status === 'cleared'
  if (state === 'active' && over) return false
  if (state === 'over' && !over) return false
  const asleep = item.snoozedUntil !== null && Date.parse(item.snoozedUntil) > now
  return snoozed === 'hide' ? !asleep : snoozed === 'only' ? asleep : true
}

const OF = [
  ['openedAt', 'openedFrom', 'openedTo'],
  ['acknowledgedAt', 'acknowledgedFrom', 'acknowledgedTo'],
  ['resolvedAt', 'resolvedFrom', 'resolvedTo'],
  ['endedAt', 'endedFrom', 'endedTo'],
  ['dueAt', 'dueFrom', 'dueTo'],
] as const

function isInRanges(item: CaseItem, filters: Filters, now: number): boolean {
  const query: Filters = queryOf(filters, now)
  for (const [field, lowest, highest] of OF) {
    const [from, to] = [query[lowest], query[highest]]
    if (from === undefined && to === undefined) continue
    const at = item[field]
    if (at === null || (from !== undefined && Date.parse(at) < Date.parse(from))) return false
    if (to !== undefined && Date.parse(at) >= Date.parse(to)) return false
  }
  const { amountFrom, amountTo } = filters
  if (amountFrom === undefined && amountTo === undefined) return true
  if (item.amount === null) return false
  return item.amount.minor >= (amountFrom ?? 0) && item.amount.minor < (amountTo ?? Number.POSITIVE_INFINITY)
}
