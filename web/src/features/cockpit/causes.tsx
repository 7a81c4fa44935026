import { useNavigate } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import type { Cockpit } from '../../../../src/contract/api/cockpit.ts'
import { Segment } from '../../kit/button.tsx'
import { Go } from '../../kit/go.tsx'
import { Pareto } from '../../kit/pareto.tsx'
import { Pane } from '../../kit/region.tsx'
import { Severity } from '../../kit/severity.tsx'
import { Empty } from '../../kit/states.tsx'
import { useLanguage } from '../../kit/time.tsx'
import { rowsAt } from '../../lib/addresses.ts'
import { amount, count, symbolOf } from '../../lib/format.ts'
import { mainCurrency, type Ranking, rank } from './figures.ts'
import type { CockpitSearch } from './search.ts'
import { useCockpitTexts } from './texts.ts'

const SHOWN = 8
type By = Ranking | 'open'
type Items = NonNullable<Cockpit['pareto']>
type ParetoName = Items[number]['name']

/** What costs most: by money, count or time of the range; or what stands open now, by severity. */
export function Causes({ cockpit, search }: { cockpit: Cockpit; search: CockpitSearch }): ReactNode {
  const t = useCockpitTexts()
  const navigate = useNavigate({ from: '/' })
  const by: By = search.by ?? (cockpit.pareto === null ? 'open' : 'money')
  const choose = (value: By): void =>
    void navigate({ search: before => ({ ...before, by: value === 'money' ? undefined : value }), replace: true })
  const all: readonly By[] = cockpit.pareto === null ? ['open'] : ['money', 'count', 'time', 'open']
  return (
    <Pane
      title={t('causes')}
      sub={t(`causes.${by}`)}
      end={
        <Segment<By>
          label={t('causes.by')}
          value={by}
          options={all.map(value => ({ value, label: t(`causes.as.${value}`) }))}
          onChange={choose}
        />
      }
    >
      {by === 'open' || cockpit.pareto === null ? (
        <OpenTypes open={cockpit.open} />
      ) : (
        <Ranked items={cockpit.pareto} by={by} />
      )}
    </Pane>
  )
}

function Ranked({ items, by }: { items: Items; by: Ranking }): ReactNode {
  const t = useCockpitTexts()
  const language = useLanguage()
  const say = (label: ParetoName): string => (language === 'en' ? label.en : label.zh)
  const currency = mainCurrency(items.flatMap(item => item.money))
  const { rows, total } = rank(items, by, currency)
  if (rows.length === 0) return <Empty title={t('causes.none')} why={t('causes.noneWhy')} />
  const unit = { money: symbolOf(currency), count: t('causes.cases'), time: t('causes.minutes') }[by]
  return (
    <Pareto
      heads={{ name: t('causes.type'), value: unit, cases: t('causes.cases'), share: t('causes.share') }}
      total={total}
      rows={rows.slice(0, SHOWN).map(({ item, value }) => ({
        id: item.type,
        name: (
          <Go to={rowsAt(by === 'time' ? item.endedRows : item.rows)} title={say(item.name)}>
            {say(item.name)}
          </Go>
        ),
        value,
        shown: by === 'money' ? amount(value, currency, 0) : count(value),
        cases: item.count,
      }))}
    />
  )
}

function OpenTypes({ open }: { open: Cockpit['open'] }): ReactNode {
  const t = useCockpitTexts()
  const language = useLanguage()
  if (open.length === 0) return <Empty title={t('none')} why={t('none.why')} />
  return (
    <ul className="opentypes">
      {open.slice(0, SHOWN).map(type => (
        <li key={type.type}>
          <Go to={rowsAt(type.rows)} className="el">
            {language === 'en' ? type.name.en : type.name.zh}
          </Go>
          <span className="row">
            {type.bySeverity
              .filter(one => one.count > 0)
              .map(one => (
                <Fragment key={one.severity}>
                  <Go to={rowsAt(one.rows)} className="row" style={{ gap: 4 }}>
                    <Severity of={one.severity} />
                    <span>{count(one.count)}</span>
                  </Go>
                </Fragment>
              ))}
          </span>
          <Go to={rowsAt(type.rows)} className="num m">
            {count(type.total)}
          </Go>
        </li>
      ))}
    </ul>
  )
}
