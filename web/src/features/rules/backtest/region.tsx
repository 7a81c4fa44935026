import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { BacktestItem } from '../../../../../src/contract/api/backtests.ts'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { View } from '../../../kit/states.tsx'
import { useNow } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { dayOf } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking, keyOf } from '../../../lib/query.ts'
import { worldNow } from '../../../lib/world-time.ts'
import { readyToSave } from '../model/draft.ts'
import type { Editing } from '../rule/editor.tsx'
import { Field } from '../rule/field.tsx'
import { Refused } from '../rule/refused.tsx'
import { useRuleTexts } from '../texts.ts'
import { Result } from './result.tsx'

type Outcome = BacktestItem['outcome']
const OUTCOMES: readonly Outcome[] = ['late', 'cancelled', 'refunded', 'returned', 'low_review', 'disputed']
const DAY = 86_400_000
const RECENT = asking('listBacktests', { query: { limit: 50 } })

/** What the rule would have found in recorded history, by what was known then. */
export function Backtests(editing: Editing): ReactNode {
  const t = useRuleTexts()
  const { id, search } = editing
  const [asked, ask] = useState<string | null>(search.test ?? null)
  const recent = useQuery(RECENT)
  const own = recent.data?.items.filter(test => test.rule === id) ?? []
  const shown = asked ?? own[0]?.id ?? null
  return (
    <Pane title={t('test.title')} end={own.length > 0 && <Earlier tests={own} shown={shown} onPick={ask} />}>
      <div className="pad">
        <Ask {...editing} onBegun={ask} />
        {shown === null ? <p className="d2 sm">{t('test.none')}</p> : <One id={shown} />}
      </div>
    </Pane>
  )
}

interface EarlierProps {
  readonly tests: readonly BacktestItem[]
  readonly shown: string | null
  readonly onPick: (id: string) => void
}

function Earlier({ tests, shown, onPick }: EarlierProps): ReactNode {
  const t = useRuleTexts()
  const now = useNow()
  return (
    <select
      className="pick"
      aria-label={t('test.earlier')}
      value={shown ?? ''}
      onChange={event => onPick(event.target.value)}
    >
      {tests.some(test => test.id === shown) ? null : <option value={shown ?? ''}>{t('test.this')}</option>}
      {tests.map(test => (
        <option key={test.id} value={test.id}>
          {t('test.of', {
            version: test.version,
            from: dayOf(test.from, now),
            until: dayOf(test.until, now),
            outcome: t(`outcome.${test.outcome}`),
          })}
        </option>
      ))}
    </select>
  )
}

/** `2026-11-11`, as boxes for days have it. */
const dayText = (at: number): string =>
  new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
const startOf = (day: string): string => new Date(`${day}T00:00:00`).toISOString()

const PERIODS = ['d7', 'd30', 'd90', 'all'] as const
const LENGTHS = { d7: 7 * DAY, d30: 30 * DAY, d90: 90 * DAY } as const

/** Before everything that was recorded, or so many days ago. */
const startDay = (period: (typeof PERIODS)[number]): string =>
  period === 'all' ? '2000-01-01' : dayText(worldNow() - LENGTHS[period])

function Ask({ id, draft, shown, locked, onBegun }: Editing & { onBegun: (id: string) => void }): ReactNode {
  const t = useRuleTexts()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [from, setFrom] = useState(() => dayText(worldNow() - 30 * DAY))
  const [until, setUntil] = useState(() => dayText(worldNow() + DAY))
  const period = PERIODS.find(p => from === startDay(p) && until === dayText(worldNow() + DAY)) ?? 'own'
  const [outcome, setOutcome] = useState<Outcome>('late')
  const right = useUnable('rule.edit')
  const rule = id ?? 'new'
  const start = useMutation({
    mutationFn: () => {
      const what =
        shown === null || draft.changed ? { text: readyToSave(draft.text, rule) } : { version: shown.version }
      return call('startBacktest', { body: { rule, ...what, from: startOf(from), until: startOf(until), outcome } })
    },
    onSuccess: async test => {
      onBegun(test.id)
      await client.invalidateQueries({ queryKey: keyOf('listBacktests') })
      if (id !== null)
        void navigate({
          to: '/rules/$id',
          params: { id },
          search: { ...(shown && { version: shown.version }), test: test.id },
          replace: true,
        })
    },
  })
  const days = from !== '' && until !== '' && from < until
  const unable = locked ?? right ?? (draft.checked.ok ? (days ? null : t('test.badPeriod')) : t('save.refused'))
  const noName = draft.text.name.zh.trim() === '' && draft.text.name.en.trim() === ''
  return (
    <>
      <div className="row wrap ask">
        <Field label={t('test.period')}>
          {box => (
            <select
              id={box}
              value={period}
              onChange={event => {
                const chosen = PERIODS.find(p => p === event.target.value)
                if (chosen === undefined) return
                setFrom(startDay(chosen))
                setUntil(dayText(worldNow() + DAY))
              }}
            >
              {PERIODS.map(value => (
                <option key={value} value={value}>
                  {t(`period.${value}`)}
                </option>
              ))}
              <option value="own">{t('period.own')}</option>
            </select>
          )}
        </Field>
        <Field label={t('test.from')}>
          {box => <input id={box} type="date" value={from} onChange={event => setFrom(event.target.value)} />}
        </Field>
        <Field label={t('test.until')}>
          {box => <input id={box} type="date" value={until} onChange={event => setUntil(event.target.value)} />}
        </Field>
        <Field label={t('test.outcome')}>
          {box => (
            <select
              id={box}
              value={outcome}
              onChange={event => setOutcome(OUTCOMES.find(o => o === event.target.value) ?? 'late')}
            >
              {OUTCOMES.map(value => (
                <option key={value} value={value}>
                  {t(`outcome.${value}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Button
          busy={start.isPending}
          unable={unable ?? (noName ? t('save.name') : null)}
          onClick={() => start.mutate()}
        >
          {t('test.run')}
        </Button>
      </div>
      {start.error !== null && <Refused error={start.error} said={t('test.not')} />}
    </>
  )
}

const OFTEN = 700

function One({ id }: { id: string }): ReactNode {
  const t = useRuleTexts()
  const query = useQuery({
    ...asking('getBacktest', { params: { id } }),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? OFTEN : false),
  })
  return (
    <View query={query} what={t('test.title')} rows={8}>
      {test => {
        if (test.status === 'running') return <Running test={test} />
        if (test.status === 'cancelled') return <p className="d1">{t('test.cancelled')}</p>
        if (test.result === null)
          return <p className="red">{t('test.failed', { message: test.error?.message ?? '' })}</p>
        return <Result test={test} result={test.result} />
      }}
    </View>
  )
}

function Running({ test }: { test: BacktestItem }): ReactNode {
  const t = useRuleTexts()
  const client = useQueryClient()
  const stop = useMutation({
    mutationFn: () => call('cancelJob', { params: { id: test.id } }),
    onSettled: () => client.invalidateQueries({ queryKey: keyOf('getBacktest') }),
  })
  const { done, total } = test.progress
  return (
    <div className="row" role="status">
      <progress aria-label={t('test.title')} max={total} value={done} />
      <span className="sm d1">{t('test.running', { done, total })}</span>
      <Button small busy={stop.isPending} onClick={() => stop.mutate()}>
        {t('test.stop')}
      </Button>
    </div>
  )
}
