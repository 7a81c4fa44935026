import { useRouter } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
import type { Cockpit } from '../../../../src/contract/api/cockpit.ts'
import { ControlLegend, ControlSwitch, ControlView } from '../../kit/control-chart.tsx'
import { Pane } from '../../kit/region.tsx'
import { rowsAt } from '../../lib/addresses.ts'
import { clockTime, dayOf } from '../../lib/format.ts'
import { worldNow } from '../../lib/world-time.ts'
import { worstPoint } from './figures.ts'
import { useCockpitTexts } from './texts.ts'

/** Is the flow in control? Opened against ended, with the limits of each slot; a click leads to the cases of one. */
export function Flow({ flow, slot }: { flow: NonNullable<Cockpit['flow']>; slot: Cockpit['slot'] }): ReactNode {
  const t = useCockpitTexts()
  const { history } = useRouter()
  const [as, setAs] = useState<'chart' | 'table'>('chart')
  const { points, names, notes } = useMemo(() => drawingOf(flow, slot), [flow, slot])
  return (
    <Pane
      title={t('flow')}
      sub={t(flow.some(point => point.limits !== null) ? `flow.${slot}` : `flow.${slot}.young`)}
      end={
        <span className="row">
          <ControlSwitch as={as} onChange={setAs} />
          <ControlLegend points={points} />
        </span>
      }
    >
      <ControlView
        as={as}
        height="100%"
        points={points}
        names={names}
        notes={notes}
        onPoint={i => {
          const point = flow[i]
          if (point !== undefined) history.push(rowsAt(point.openedRows))
        }}
      />
    </Pane>
  )
}

function drawingOf(flow: NonNullable<Cockpit['flow']>, slot: Cockpit['slot']) {
  const now = worldNow()
  const nameOf = (from: string): string => (slot === 'hour' ? clockTime(from) : dayOf(from, now))
  const worst = worstPoint(flow)
  const point = worst === null ? undefined : flow[worst]
  return {
    points: flow.map(({ opened, ended, limits, out }) => ({
      ...{ opened, closed: ended, out },
      limits: limits && { low: Math.max(0, Math.round(limits.lower)), high: Math.round(limits.upper) },
    })),
    names: flow.map(({ from }) => nameOf(from)),
    notes:
      worst === null || point === undefined ? [] : [{ index: worst, text: `${nameOf(point.from)} · ${point.opened}` }],
  }
}
