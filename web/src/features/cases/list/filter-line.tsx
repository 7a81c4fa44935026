import { ArrowDownUp, ListFilter } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import type { CaseSummary } from '../../../../../src/contract/api/index.ts'
import { ColumnMenu } from '../../../kit/column-menu.tsx'
import type { Column } from '../../../kit/grid-types.ts'
import { Money } from '../../../kit/money.tsx'
import { Popup } from '../../../kit/popup.tsx'
import { SearchBox } from '../../../kit/search-box.tsx'
import { Chip, Chips } from '../../../kit/tag.tsx'
import { useNow } from '../../../kit/time.tsx'
import { amount, count, shortTime } from '../../../lib/format.ts'
import { shown } from '../../../lib/verbs.ts'
import { type Filters, type ListField, RANGES, SORTS, type Sort } from '../model/filters.ts'
import type { InboxRow } from '../model/lines.ts'
import { useCaseTexts } from '../texts.ts'
import { FIELDS, useValueName } from './fields.ts'
import { type Change, FilterPanel } from './filter-panel.tsx'
import { groupedBy } from './use-case-list.ts'

export interface FilterLineProps {
  readonly filters: Filters
  readonly sort: Sort
  readonly summary: CaseSummary | null
  readonly columns: readonly Column<InboxRow>[]
  readonly input: RefObject<HTMLInputElement | null>
  readonly opener: RefObject<(() => void) | null>
  readonly onChange: (change: Change) => void
  readonly onSort: (sort: Sort) => void
}

/** One line: what is looked for, which filters are on, how many cases and how much money that is, in which order. */
export function FilterLine(props: FilterLineProps): ReactNode {
  const { filters, sort, summary, columns, input, opener, onChange, onSort } = props
  const t = useCaseTexts()
  const currency = summary?.money[0]?.currency ?? null
  return (
    <div className="inbox-bar">
      <SearchBox
        className="inbox-find"
        label={t('find.label')}
        hint={t('find')}
        input={input}
        given={filters.q ?? ''}
        onFind={q => onChange({ q: q === '' ? undefined : q })}
      />
      <Chips label={t('filter.label')}>
        <FilterChips {...{ filters, currency, onChange }} onEdit={() => opener.current?.()} />
        <Popup
          label={t('filter.label')}
          opener={opener}
          button={{
            ...{ small: true, kind: 'ghost', icon: <ListFilter size={13} aria-hidden />, keys: shown('f') },
            children: t('filter.add'),
          }}
        >
          <FilterPanel {...{ filters, currency, onChange }} />
        </Popup>
      </Chips>
      <span className="grow" />
      <Figures summary={summary} />
      <Popup
        label={t('sort.label')}
        button={{
          ...{ small: true, icon: <ArrowDownUp size={13} aria-hidden /> },
          children: groupedBy(sort) === null ? t(`sort.${sort}`) : t('sort.grouped', { by: t(`sort.${sort}`) }),
        }}
      >
        {SORTS.map(one => (
          <label key={one} className="item">
            <input type="radio" name="sort" checked={one === sort} onChange={() => onSort(one)} />
            {groupedBy(one) === null ? t(`sort.${one}`) : t('sort.grouped', { by: t(`sort.${one}`) })}
          </label>
        ))}
      </Popup>
      <ColumnMenu name="cases" columns={columns} />
    </div>
  )
}

function Figures({ summary }: { summary: CaseSummary | null }): ReactNode {
  const t = useCaseTexts()
  if (summary === null) return null
  const [first, ...more] = summary.money
  return (
    <output className="d2 sm nw">
      {summary.exact
        ? t('count', { count: summary.count === 1 ? 1 : count(summary.count) })
        : t('atLeast', { count: count(summary.count - 1) })}
      {first !== undefined && (
        <>
          {' · '}
          {t('figures.money')}{' '}
          <b className="m ink">
            <Money of={first} digits={0} />
          </b>
          {more.length > 0 && (
            <span title={more.map(one => `${amount(one.minor, one.currency, 0)} ${one.currency ?? ''}`).join('\n')}>
              {' '}
              {t('figures.more', { count: more.length })}
            </span>
          )}
        </>
      )}
    </output>
  )
}

interface ChipsProps {
  readonly filters: Filters
  readonly currency: string | null
  readonly onChange: (change: Change) => void
  readonly onEdit: () => void
}

function FilterChips({ filters, currency, onChange, onEdit }: ChipsProps): ReactNode {
  const t = useCaseTexts()
  const now = useNow()
  const { state, snoozed, due, holds, amountFrom, amountTo } = filters
  const off = (...names: (keyof Filters)[]): (() => void) => {
    // Each is a name of a filter, and nothing is what takes it off.
    return () => onChange(Object.fromEntries(names.map(name => [name, undefined])) as Change)
  }
  const edit = { onEdit }
  return (
    <>
      {state !== undefined && state !== 'all' && (
        <Chip
          field={t('field.state')}
          value={t(`state.${state}`)}
          {...edit}
          onRemove={() => onChange({ state: 'all' })}
        />
      )}
      {([...FIELDS, 'cause'] as const).map(field => {
        const values = filters[field]
        return values && <ListChip key={field} {...{ field, values, onEdit }} onRemove={off(field)} />
      })}
      {due !== undefined && <Chip field={t('field.due')} value={t(`due.${due}`)} {...edit} onRemove={off('due')} />}
      {holds !== undefined && (
        <Chip field={t('field.holds')} value={t(holds ? 'holds.yes' : 'holds.no')} {...edit} onRemove={off('holds')} />
      )}
      {snoozed === 'only' && (
        <Chip field={t('field.snoozed')} value={t('snoozed.only')} {...edit} onRemove={off('snoozed')} />
      )}
      {filters.order !== undefined && <Chip field={t('col.order')} value={filters.order} onRemove={off('order')} />}
      {(amountFrom !== undefined || amountTo !== undefined) && (
        <Chip
          field={t('field.amount')}
          value={`${amountFrom === undefined ? '' : amount(amountFrom, currency, 0)}–${amountTo === undefined ? '' : amount(amountTo, currency, 0)}`}
          {...edit}
          onRemove={off('amountFrom', 'amountTo')}
        />
      )}
      {RANGES.map(name => {
        const at = filters[name]
        return at && <Chip key={name} field={t(`range.${name}`)} value={shortTime(at, now)} onRemove={off(name)} />
      })}
    </>
  )
}

interface ListChipProps {
  readonly field: ListField
  readonly values: readonly string[]
  readonly onEdit: () => void
  readonly onRemove: () => void
}

function ListChip({ field, values, onEdit, onRemove }: ListChipProps): ReactNode {
  const t = useCaseTexts()
  const nameOf = useValueName()
  const text = values.map(value => nameOf(field, value)).join(' · ')
  return <Chip field={t(`field.${field}`)} value={text} onEdit={onEdit} onRemove={onRemove} />
}
