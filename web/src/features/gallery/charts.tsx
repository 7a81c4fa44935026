import { type ReactNode, useMemo, useState } from 'react'
import { ControlLegend, ControlSwitch, ControlView } from '../../kit/control-chart.tsx'
import { Heat } from '../../kit/heat.tsx'
import { Pareto } from '../../kit/pareto.tsx'
import { Pane } from '../../kit/region.tsx'
import { count } from '../../lib/format.ts'
import { useGalleryTexts } from './texts.ts'

const OPENED = [6, 5, 4, 3, 3, 4, 6, 9, 14, 17, 16, 14, 12, 15, 16, 14, 13, 12, 13, 15, 17, 24, 47, 31]
const CLOSED = [9, 7, 5, 3, 2, 2, 3, 6, 12, 16, 18, 15, 11, 14, 17, 16, 15, 14, 12, 13, 14, 16, 20, 17]
const POINTS = OPENED.map((opened, i) => ({
  opened,
  closed: CLOSED[i] ?? 0,
  limits: { low: Math.max(0, i - 6), high: 18 + (i % 5) },
  out: opened > 18 + (i % 5),
}))
const NAMES = OPENED.map((_, i) => `${String(i).padStart(2, '0')}:00`)
const NOTES = [{ index: 22, text: '22:18' }]

export function ChartParts(): ReactNode {
  const t = useGalleryTexts()
  const [as, setAs] = useState<'chart' | 'table'>('chart')
  return (
    <>
      <div className="wide">
        <Pane
          title={t('part.control')}
          sub={<ControlSwitch as={as} onChange={setAs} />}
          end={<ControlLegend points={POINTS} />}
        >
          <ControlView as={as} points={POINTS} names={NAMES} notes={NOTES} />
        </Pane>
      </div>
      <Pane title={t('part.pareto')}>
        <Causes />
      </Pane>
      <div className="two">
        <Pane title={t('part.heat')}>
          <Stages />
        </Pane>
      </div>
    </>
  )
}

function Causes(): ReactNode {
  const t = useGalleryTexts()
  const rows = useMemo(
    () =>
      (
        [
          ['type.stock', 126_400, 232],
          ['type.hub', 98_200, 61],
          ['type.late', 74_300, 118],
          ['type.parcel', 52_800, 143],
        ] as const
      ).map(([key, value, cases]) => ({
        id: key,
        name: (
          <a className="l" href="/">
            {t(key)}
          </a>
        ),
        value,
        shown: count(value),
        cases,
      })),
    [t],
  )
  const heads = { name: t('col.type'), value: t('col.money'), cases: t('col.cases'), share: t('col.share') }
  return <Pareto heads={heads} rows={rows} total={400_000} />
}

function Stages(): ReactNode {
  const t = useGalleryTexts()
  const stages = [t('stage.pick'), t('stage.ship'), t('stage.collect'), t('say.long')]
  return (
    <Heat
      label={t('part.heat')}
      columns={NAMES.slice(0, 12).map(name => ({ id: name, name: name.slice(0, 2) }))}
      rows={stages.map((name, r) => ({
        id: name,
        name,
        cells: NAMES.slice(0, 12).map((hour, i) => ({
          value: r === 3 ? 1e9 : i * i * (r + 1),
          times: (i * (r + 1)) / 8,
          told: `${name} ${hour}: ${i * i * (r + 1)}`,
          href: '/',
        })),
      }))}
    />
  )
}
