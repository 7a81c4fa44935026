import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { count } from '../../../lib/format.ts'
import { asking, keyOf } from '../../../lib/query.ts'
import { worldNow } from '../../../lib/world-time.ts'
import { useRuleTexts } from '../texts.ts'
import type { RuleDetail } from './editing.ts'

const OFTEN = 1000
/** A change of the last minutes may still be on its way through the open orders. */
const RECENT = 5 * 60_000

/** How far open orders are with the newest change of the rule. */
export function SweepLine({ rule, detail }: { rule: string; detail: RuleDetail | null }): ReactNode {
  const t = useRuleTexts()
  const client = useQueryClient()
  const last = detail?.changes[0]
  const fresh = last !== undefined && worldNow() - Date.parse(last.at) < RECENT
  const changes = useQuery({
    ...asking('listRuleChanges', {}),
    enabled: fresh,
    refetchInterval: ({ state }) => (isOver(state.data, last?.activeFrom) ? false : OFTEN),
  })
  const sweeps = changes.data?.sweeps.filter(s => s.activeFrom === last?.activeFrom) ?? []
  const done = sweeps.length > 0 && sweeps.every(s => s.status === 'done')
  useEffect(() => {
    // The stages that the page shows have turned meanwhile.
    if (done || sweeps.length > 0)
      void client.invalidateQueries({ queryKey: keyOf('getRule', { params: { id: rule } }) })
  }, [done, sweeps.length, client, rule])
  // How many orders there are is for who sees them all.
  if (!fresh || sweeps.length === 0 || sweeps.some(s => s.orders === null)) return null
  const [groups, over, orders] = [
    sweeps.reduce((sum, s) => sum + s.groups, 0),
    sweeps.reduce((sum, s) => sum + s.groupsDone, 0),
    sweeps.reduce((sum, s) => sum + (s.orders ?? 0), 0),
  ]
  return (
    <p className="row sm d1" role="status">
      {done ? null : <progress aria-label={t('sweep.title')} max={groups} value={over} />}
      {done ? t('sweep.done', { orders: count(orders) }) : t('sweep.runs', { orders: count(orders), over, groups })}
    </p>
  )
}

function isOver(
  data: { readonly sweeps: readonly { readonly activeFrom: string; readonly status: string }[] } | undefined,
  activeFrom: string | undefined,
): boolean {
  const own = data?.sweeps.filter(s => s.activeFrom === activeFrom) ?? []
  return own.length > 0 && own.every(s => s.status === 'done')
}
