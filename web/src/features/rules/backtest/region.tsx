import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { BacktestItem } from '../../../../../src/contract/api/backtests.ts'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { Failed, View } from '../../../kit/states.tsx'
import { useNow } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { dayOf } from '../../../lib/format.ts'
import { useMe, useUnable } from '../../../lib/me.ts'
import { asking, keyOf } from '../../../lib/query.ts'
import type { Editing } from '../rule/editing.ts'
import { Refused } from '../rule/refused.tsx'
import { useRuleTexts } from '../texts.ts'
import { Ask } from './ask.tsx'
import { Result } from './result.tsx'

/** What the rule would have found in recorded history, by what was known then. */
export function Backtests(editing: Editing): ReactNode {
  const t = useRuleTexts()
  const { id, search } = editing
  const [asked, ask] = useState<string | null>(search.test ?? null)
  const recent = useQuery({
    ...asking('listBacktests', { query: { rule: id ?? '', limit: 50 } }),
    enabled: id !== null,
  })
  const own = recent.data?.items ?? []
  const shown = asked ?? own[0]?.id ?? null
  return (
    <Pane title={t('test.title')} end={own.length > 0 && <Earlier tests={own} shown={shown} onPick={ask} />}>
      <div className="pad">
        <Ask {...editing} onBegun={ask} />
        {recent.error !== null && (
          <Failed what={t('test.title')} error={recent.error} onRetry={() => void recent.refetch()} />
        )}
        {shown !== null && <One id={shown} />}
        {shown === null && recent.error === null && <p className="d2 sm">{t('test.none')}</p>}
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
  const me = useMe()
  const others = useUnable('job.manage')
  const unable = me?.actor === test.by ? null : others
  const stop = useMutation({
    mutationFn: () => call('cancelJob', { params: { id: test.id } }),
    onSettled: () => client.invalidateQueries({ queryKey: keyOf('getBacktest') }),
  })
  const { done, total } = test.progress
  return (
    <div className="row" role="status">
      <progress aria-label={t('test.title')} max={total} value={done} />
      <span className="sm d1">{t('test.running', { done, total })}</span>
      <Button small busy={stop.isPending} unable={unable} onClick={() => stop.mutate()}>
        {t('test.stop')}
      </Button>
      {stop.error !== null && <Refused error={stop.error} said={t('test.notStopped')} />}
    </div>
  )
}
