import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Cockpit } from '../../../../src/contract/api/cockpit.ts'
import { Heat, type HeatCell } from '../../kit/heat.tsx'
import { Pane } from '../../kit/region.tsx'
import { Empty } from '../../kit/states.tsx'
import { useLanguage } from '../../kit/time.tsx'
import { rowsAt } from '../../lib/addresses.ts'
import { clockTime, count, dayOf, duration } from '../../lib/format.ts'
import { worldNow } from '../../lib/world-time.ts'
import { hottest, nowTimes } from './figures.ts'
import { useCockpitTexts } from './texts.ts'

type Map = NonNullable<Cockpit['stages']>
type Stage = Map['stages'][number]

const COLUMNS = 12

/** Where orders are stuck: per stage and slot, those that stayed longer than the p95 of the stage; last, those that stand there now. */
export function Stages({ stages, slot }: { stages: Map; slot: Cockpit['slot'] }): ReactNode {
  const t = useCockpitTexts()
  const say = useSay()
  const { history } = useRouter()
  const from = Math.max(0, stages.slots.length - COLUMNS)
  const slots = stages.slots.slice(from)
  const nameOf = (at: string): string => (slot === 'hour' ? clockTime(at).slice(0, 2) : dayOf(at, worldNow()).slice(-2))
  const cellOf = useCellOf(slot)
  if (stages.stages.every(stage => stage.now.count === 0 && stage.cells.every(cell => cell.left === 0)))
    return (
      <Pane title={t('stages')} sub={t('stages.sub')}>
        <Empty title={t('stages.none')} why={t('stages.noneWhy')} />
      </Pane>
    )
  return (
    <Pane title={t('stages')} sub={t('stages.sub')}>
      <Heat
        label={t('stages')}
        columns={[...slots.map(s => ({ id: s.from, name: nameOf(s.from) })), { id: 'now', name: t('stages.now') }]}
        rows={stages.stages.map(stage => ({
          id: stage.stage,
          name: say(stage.name),
          cells: [...slots.map((s, i) => cellOf.past(stage, from + i, s.from)), cellOf.now(stage)],
        }))}
        quietBelow={1}
        onOpen={href => history.push(href)}
      />
      <Worst stages={stages} />
    </Pane>
  )
}

function useSay(): (label: { readonly zh: string; readonly en: string }) => string {
  const language = useLanguage()
  return label => (language === 'en' ? label.en : label.zh)
}

function useCellOf(slot: Cockpit['slot']) {
  const t = useCockpitTexts()
  const say = useSay()
  const when = (at: string): string => (slot === 'hour' ? clockTime(at) : dayOf(at, worldNow()))
  return {
    past(stage: Stage, index: number, from: string): HeatCell {
      const cell = stage.cells[index]
      const [over, left] = [cell?.over ?? 0, cell?.left ?? 0]
      const told = t('stages.cell', { stage: say(stage.name), when: when(from), over: count(over), left: count(left) })
      return { value: over, times: cell?.ratio ?? null, told, ...(cell?.rows && { href: rowsAt(cell.rows) }) }
    },
    now(stage: Stage): HeatCell {
      const { count: standing, over, overRows, rows } = stage.now
      const told = t('stages.cellNow', { stage: say(stage.name), over: count(over), left: count(standing) })
      return { value: over, times: nowTimes(stage.now), told, href: rowsAt(over > 0 ? overRows : rows) }
    },
  }
}

/** One sentence about the worst of it. */
function Worst({ stages }: { stages: Map }): ReactNode {
  const t = useCockpitTexts()
  const say = useSay()
  const worst = hottest(stages.stages)
  if (worst === null) return null
  const usual = worst.stage.p95Ms === null ? '' : duration(worst.stage.p95Ms)
  return (
    <div className="row xs d2 worst">
      <b className="ink">
        {say(worst.stage.name)} {count(worst.stage.now.over)}
      </b>
      {t('stages.worst', { times: worst.ratio.toFixed(1), usual })}
    </div>
  )
}
