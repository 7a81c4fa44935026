import { type ReactNode, useState } from 'react'
import { minorDigits } from '../../../../../src/contract/currency.ts'
import { Segment } from '../../../kit/button.tsx'
import { count } from '../../../lib/format.ts'
import type { Filters } from '../model/filters.ts'
import { useCaseTexts } from '../texts.ts'
import { FIELDS, type Field, useFacet, useValueName } from './fields.ts'

export type Change = { readonly [K in keyof Filters]?: Filters[K] | undefined }

export interface FilterPanelProps {
  readonly filters: Filters
  /** Of most of the money in the list: amounts are typed in its major unit. */
  readonly currency: string | null
  readonly onChange: (change: Change) => void
}

/** Everything a list of cases can be narrowed by, with how many cases each choice has. */
export function FilterPanel({ filters, currency, onChange }: FilterPanelProps): ReactNode {
  const t = useCaseTexts()
  return (
    <div className="filters">
      <div className="row wrap">
        <Segment
          label={t('field.state')}
          value={filters.state ?? 'all'}
          options={(['active', 'over', 'all'] as const).map(value => ({ value, label: t(`state.${value}`) }))}
          onChange={state => onChange({ state })}
        />
        <Segment
          label={t('field.snoozed')}
          value={filters.snoozed ?? 'all'}
          options={(['hide', 'only', 'all'] as const).map(value => ({ value, label: t(`snoozed.${value}`) }))}
          onChange={snoozed => onChange({ snoozed: snoozed === 'all' ? undefined : snoozed })}
        />
        <Segment
          label={t('field.due')}
          value={filters.due ?? 'any'}
          options={(['any', 'overdue', 'today'] as const).map(value => ({ value, label: t(`due.${value}`) }))}
          onChange={due => onChange({ due: due === 'any' ? undefined : due })}
        />
        <Segment
          label={t('field.holds')}
          value={filters.holds === undefined ? 'any' : filters.holds ? 'yes' : 'no'}
          options={(['any', 'yes', 'no'] as const).map(value => ({ value, label: t(`holds.${value}`) }))}
          onChange={holds => onChange({ holds: holds === 'any' ? undefined : holds === 'yes' })}
        />
      </div>
      <div className="facets">
        {FIELDS.map(field => (
          <FieldValues key={field} {...{ field, filters, onChange }} />
        ))}
        <Amounts {...{ filters, currency, onChange }} />
      </div>
    </div>
  )
}

function FieldValues({
  field,
  filters,
  onChange,
}: Omit<FilterPanelProps, 'currency'> & { readonly field: Field }): ReactNode {
  const t = useCaseTexts()
  const facet = useFacet(field, filters)
  const nameOf = useValueName(facet)
  const chosen: readonly string[] = filters[field] ?? []
  // `none` is what the API calls nobody; of the others there is no such choice.
  const values = (facet ?? []).flatMap(({ value, count: n }) =>
    value === null ? (field === 'owner' ? [{ value: 'none', n }] : []) : [{ value, n }],
  )
  const missing = chosen.filter(value => !values.some(one => one.value === value)).map(value => ({ value, n: 0 }))
  const toggle = (value: string): void => {
    const next = chosen.includes(value) ? chosen.filter(one => one !== value) : [...chosen, value]
    // The values came from the API under this very field.
    onChange({ [field]: next.length === 0 ? undefined : next } as Change)
  }
  if (facet !== undefined && values.length + missing.length === 0) return null
  return (
    <fieldset>
      <legend>{t(`field.${field}`)}</legend>
      {[...missing, ...values].map(({ value, n }) => (
        <label key={value} className="item">
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
          <span className="el">{nameOf(field, value)}</span>
          <span className="grow" />
          <span className="d2">{facet === undefined ? '' : count(n)}</span>
        </label>
      ))}
    </fieldset>
  )
}

/** Amounts in major units, as people say them. */
function Amounts({ filters, currency, onChange }: FilterPanelProps): ReactNode {
  const t = useCaseTexts()
  const unit = 10 ** minorDigits(currency ?? 'CNY')
  return (
    <fieldset>
      <legend>{t('field.amount')}</legend>
      <div className="row">
        <AmountField
          label={t('amount.from')}
          unit={unit}
          minor={filters.amountFrom}
          onMinor={amountFrom => onChange({ amountFrom })}
        />
        <span className="d2">–</span>
        <AmountField
          label={t('amount.to')}
          unit={unit}
          minor={filters.amountTo}
          onMinor={amountTo => onChange({ amountTo })}
        />
      </div>
    </fieldset>
  )
}

interface AmountFieldProps {
  readonly label: string
  /** Minor units in a major one. */
  readonly unit: number
  readonly minor: number | undefined
  readonly onMinor: (minor: number | undefined) => void
}

function AmountField({ label, unit, minor, onMinor }: AmountFieldProps): ReactNode {
  const [text, setText] = useState(minor === undefined ? '' : String(minor / unit))
  const take = (): void => {
    const read = Math.round(Number(text) * unit)
    onMinor(text.trim() === '' || !Number.isSafeInteger(read) || read < 0 ? undefined : read)
  }
  return (
    <input
      className="amount"
      type="number"
      min={0}
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={event => setText(event.target.value)}
      onBlur={take}
      onKeyDown={event => event.key === 'Enter' && take()}
    />
  )
}
