import '../rules.css'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { type ReactNode, useMemo, useRef } from 'react'
import type { RuleItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { useNameOf, useNames } from '../../../kit/names.ts'
import { Page } from '../../../kit/page.tsx'
import { SearchBox } from '../../../kit/search-box.tsx'
import { Severity } from '../../../kit/severity.tsx'
import { Spark } from '../../../kit/spark.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { count, percent } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import { useVerbs, type Verb } from '../../../lib/verbs.ts'
import { useReason } from '../reason.ts'
import type { ListSearch } from '../search.ts'
import { Pick } from '../sentence/pick.tsx'
import { useSaid } from '../sentence/said.ts'
import { STAGES, StageTag } from '../stage.tsx'
import { useRuleTexts } from '../texts.ts'
import { RuleTabs } from './tabs.tsx'

const at = getRouteApi('/rules')

/** Every rule with how it does: what it finds, how much work that is, how often it was right. */
export function RulesPage(): ReactNode {
  const t = useRuleTexts()
  const search = at.useSearch()
  const rules = useQuery({ ...asking('listRules', { query: { days: 30 } }), refetchInterval: 60_000 })
  const fits = fitting(search)
  return (
    <Page title={t('title')}>
      <RuleTabs />
      <Bar search={search} />
      <View
        query={rules}
        what={t('title')}
        rows={14}
        isEmpty={({ items }) => items.filter(fits).length === 0}
        empty={
          <Empty title={t('list.none')} why={t('list.noneWhy')}>
            <Link className="l" to="/rules">
              {t('list.all')}
            </Link>
          </Empty>
        }
      >
        {({ items, broken }) => (
          <>
            {broken.length > 0 && (
              <p className="red pad" role="alert">
                {t('list.broken', { rules: broken.join(', ') })}
              </p>
            )}
            {items.some(rule => rule.stats === null) && <p className="d1 pad">{t('list.noFigures')}</p>}
            <Rules items={items.filter(fits)} />
          </>
        )}
      </View>
    </Page>
  )
}

function Bar({ search }: { search: ListSearch }): ReactNode {
  const t = useRuleTexts()
  const navigate = useNavigate()
  const box = useRef<HTMLInputElement>(null)
  const unable = useUnable('rule.edit')
  const go = (next: ListSearch): void => void navigate({ to: '/rules', search: next, replace: true })
  const verbs = useMemo(
    (): Verb[] => [
      { id: 'rules.find', label: t('list.find'), group: t('group.rule'), keys: '/', run: () => box.current?.focus() },
      {
        ...{ id: 'rules.new', label: t('new.verb'), group: t('group.rule'), keys: 'n', unable },
        run: () => unable === null && void navigate({ to: '/rules/new' }),
      },
    ],
    [t, unable, navigate],
  )
  useVerbs(verbs)
  const { stage, ...others } = search
  return (
    <div className="rules-bar">
      <SearchBox
        input={box}
        label={t('list.find')}
        hint={t('list.find')}
        given={search.q ?? ''}
        onFind={q => go({ ...(stage && { stage }), ...(q !== '' && { q }) })}
      />
      <Pick
        label={t('col.stage')}
        value={stage ?? 'all'}
        options={[
          { value: 'all', label: t('list.stages') },
          ...STAGES.map(value => ({ value, label: t(`stage.${value}`) })),
        ]}
        onPick={next => go(next === 'all' ? others : { ...others, stage: next })}
      />
      <span className="d2 sm">{t('list.days')}</span>
      <span className="grow" />
      <Button
        kind="solid"
        icon={<Plus size={14} aria-hidden />}
        keys="N"
        unable={unable}
        onClick={() => void navigate({ to: '/rules/new' })}
      >
        {t('new.verb')}
      </Button>
    </div>
  )
}

const fitting = (search: ListSearch) => (rule: RuleItem) => {
  const { id, name, type, team, pack, stage, shadow } = rule
  if (search.stage !== undefined && stage !== search.stage && !(search.stage === 'shadow' && shadow !== null))
    return false
  const text = `${id} ${name.zh} ${name.en} ${type} ${team ?? ''} ${pack ?? ''}`.toLowerCase()
  return (search.q ?? '')
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word))
}

function Rules({ items }: { items: readonly RuleItem[] }): ReactNode {
  const t = useRuleTexts()
  return (
    <div className="rules-t">
      <table className="t">
        <thead>
          <tr>
            <th>{t('col.name')}</th>
            <th>{t('col.stage')}</th>
            <th>{t('col.severity')}</th>
            <th className="num">{t('col.hits')}</th>
            <th>{t('col.spark')}</th>
            <th className="num">{t('col.share')}</th>
            <th className="num">{t('col.open')}</th>
            <th className="num">{t('col.precision')}</th>
            <th className="num">{t('col.load')}</th>
            <th>{t('col.team')}</th>
            <th>{t('col.changed')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(rule => (
            <Row key={rule.id} rule={rule} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const share = (value: number | null): string => (value === null ? '—' : `${percent(value)} %`)

function Row({ rule }: { rule: RuleItem }): ReactNode {
  const said = useSaid()
  const nameOf = useNames()
  const reasonOf = useReason()
  const teamName = useNameOf('team')
  const { stats, changed } = rule
  return (
    <tr>
      <td className="rule-n">
        <Link className="l m" dir="auto" to="/rules/$id" params={{ id: rule.id }} title={said(rule.reason)}>
          {said(rule.name)}
        </Link>
        <span className="d2 xs mono">{rule.id}</span>
      </td>
      <td>
        <StageTag of={rule.stage} /> {rule.shadow !== null && rule.stage !== 'shadow' && <StageTag of="shadow" />}
      </td>
      <td>
        <Severity of={rule.severity} />
      </td>
      <Figures of={stats} />
      <td>
        <bdi>{rule.team === null ? '—' : teamName(rule.team)}</bdi>
      </td>
      <td title={reasonOf(changed.by, changed.reason)}>
        <Time of={changed.at} /> <span className="d2">{nameOf(changed.by)}</span>
      </td>
    </tr>
  )
}

/** Dashes for who does not see all orders. */
function Figures({ of }: { of: RuleItem['stats'] }): ReactNode {
  const t = useRuleTexts()
  if (of === null) return FIGURES.map(name => <td key={name}>—</td>)
  return (
    <>
      <td className="num">{count(of.hits)}</td>
      <td>
        <Spark values={of.spark} width={72} />
      </td>
      <td className="num">{share(of.share)}</td>
      <td className="num" title={t('list.cases', { cases: of.cases, alone: of.alone })}>
        {count(of.open)}
      </td>
      <td className="num">{share(of.precision)}</td>
      <td className="num">{of.casesADay.toFixed(1)}</td>
    </>
  )
}

const FIGURES = ['hits', 'spark', 'share', 'open', 'precision', 'load']
