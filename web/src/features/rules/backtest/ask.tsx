import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { BacktestItem } from '../../../../../src/contract/api/backtests.ts'
import { Button } from '../../../kit/button.tsx'
import { call } from '../../../lib/api.ts'
import { useUnable } from '../../../lib/me.ts'
import { keyOf } from '../../../lib/query.ts'
import { readyToSave } from '../model/draft.ts'
import type { Editing } from '../rule/editing.ts'
import { Field } from '../rule/field.tsx'
import { Refused } from '../rule/refused.tsx'
import { useRuleTexts } from '../texts.ts'
import { type Days, daysOf, PeriodFields, startOf } from './period.tsx'

type Outcome = BacktestItem['outcome']
const OUTCOMES: readonly Outcome[] = ['late', 'cancelled', 'refunded', 'returned', 'low_review', 'disputed']

interface Question {
  readonly days: Days
  readonly outcome: Outcome
}

function useStart({ id, draft, shown }: Editing, question: Question, onBegun: (id: string) => void) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const rule = id ?? 'new'
  const { days, outcome } = question
  return useMutation({
    mutationFn: () => {
      const unsaved = shown === null || draft.changed
      const what = unsaved ? { text: readyToSave(draft.text, rule) } : { version: shown.version }
      const period = { from: startOf(days.from), until: startOf(days.until) }
      return call('startBacktest', { body: { rule, ...what, ...period, outcome } })
    },
    onSuccess: async test => {
      onBegun(test.id)
      await client.invalidateQueries({ queryKey: keyOf('listBacktests') })
      if (id === null) return
      const search = { ...(shown && { version: shown.version }), test: test.id }
      void navigate({ to: '/rules/$id', params: { id }, search, replace: true })
    },
  })
}

/** What is asked of history: a stretch of it, and which harm counts. The text need not be saved. */
export function Ask(props: Editing & { readonly onBegun: (id: string) => void }): ReactNode {
  const t = useRuleTexts()
  const { draft, locked, onBegun } = props
  const [days, setDays] = useState(() => daysOf('d30'))
  const [outcome, setOutcome] = useState<Outcome>('late')
  const right = useUnable('rule.edit')
  const start = useStart(props, { days, outcome }, onBegun)
  const { zh, en } = draft.text.name
  const unable = (): string | null => {
    if (!draft.checked.ok) return t('save.refused')
    if (days.from === '' || days.until === '' || days.from >= days.until) return t('test.badPeriod')
    return zh.trim() === '' && en.trim() === '' ? t('save.name') : null
  }
  return (
    <>
      <div className="row wrap ask">
        <PeriodFields days={days} onDays={setDays} />
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
        <Button busy={start.isPending} unable={locked ?? right ?? unable()} onClick={() => start.mutate()}>
          {t('test.run')}
        </Button>
      </div>
      {start.error !== null && <Refused error={start.error} said={t('test.not')} />}
    </>
  )
}
