import type { ReactNode } from 'react'
import { worldNow } from '../../../lib/world-time.ts'
import { Field } from '../rule/field.tsx'
import { useRuleTexts } from '../texts.ts'

const DAY = 86_400_000
const PERIODS = ['d7', 'd30', 'd90', 'all'] as const
const LENGTHS = { d7: 7 * DAY, d30: 30 * DAY, d90: 90 * DAY } as const

/** Days as boxes for days have them, `2026-11-11`, by the reader's clock; `until` is exclusive. */
export interface Days {
  readonly from: string
  readonly until: string
}

const dayText = (at: number): string =>
  new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 10)

/** So many days up to now; "all" begins before everything that was recorded. */
export const daysOf = (period: (typeof PERIODS)[number]): Days => ({
  from: period === 'all' ? '2000-01-01' : dayText(worldNow() - LENGTHS[period]),
  until: dayText(worldNow() + DAY),
})

export const startOf = (day: string): string => new Date(`${day}T00:00:00`).toISOString()

export interface PeriodProps {
  readonly days: Days
  readonly onDays: (days: Days) => void
}

export function PeriodFields({ days, onDays }: PeriodProps): ReactNode {
  const t = useRuleTexts()
  const { from, until } = days
  const named = PERIODS.find(p => daysOf(p).from === from && daysOf(p).until === until) ?? 'own'
  return (
    <>
      <Field label={t('test.period')}>
        {box => (
          <select
            id={box}
            value={named}
            onChange={event => {
              const chosen = PERIODS.find(p => p === event.target.value)
              if (chosen !== undefined) onDays(daysOf(chosen))
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
        {box => (
          <input id={box} type="date" value={from} onChange={event => onDays({ from: event.target.value, until })} />
        )}
      </Field>
      <Field label={t('test.until')}>
        {box => (
          <input id={box} type="date" value={until} onChange={event => onDays({ from, until: event.target.value })} />
        )}
      </Field>
    </>
  )
}
