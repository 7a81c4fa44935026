import { Columns3, ListFilter } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { Button } from '../../../kit/button.tsx'
import { useNameOf } from '../../../kit/names.ts'
import { SearchBox } from '../../../kit/search-box.tsx'
import { Chip, Chips } from '../../../kit/tag.tsx'
import { shown } from '../../../lib/verbs.ts'
import { type Filters, isFiltered } from '../model/filters.ts'
import { useOrderTexts } from '../texts.ts'
import { BehindChips } from './behind-chips.tsx'

export interface FilterBarProps {
  readonly filters: Filters
  readonly input: RefObject<HTMLInputElement | null>
  /** What the list has, in words. */
  readonly counted: string
  readonly onChange: (change: Partial<Filters>) => void
  readonly onClear: () => void
  readonly onMore: () => void
  readonly onColumns: () => void
}

/** Search, the filters that are on, and how many orders there are. */
export function FilterBar({
  filters,
  input,
  counted,
  onChange,
  onClear,
  onMore,
  onColumns,
}: FilterBarProps): ReactNode {
  const t = useOrderTexts()
  return (
    <div className="filters">
      <SearchBox
        label={t('list.find')}
        hint={t('list.search')}
        input={input}
        given={filters.q ?? ''}
        onFind={q => onChange({ q: q === '' ? undefined : q })}
      />
      <Chips label={t('list.filters')}>
        <FilterChips filters={filters} onChange={onChange} />
        <BehindChips filters={filters} onChange={onChange} />
      </Chips>
      <Button kind="ghost" icon={<ListFilter size={14} aria-hidden />} keys={shown('f')} onClick={onMore}>
        {t('list.filters')}
      </Button>
      {isFiltered(filters) && (
        <button type="button" className="l sm" onClick={onClear}>
          {t('list.clear')}
        </button>
      )}
      <span className="grow" />
      <output className="d1 nw">{counted}</output>
      <Button icon={<Columns3 size={14} aria-hidden />} name={t('list.columns')} onClick={onColumns} />
    </div>
  )
}

function FilterChips({ filters, onChange }: Pick<FilterBarProps, 'filters' | 'onChange'>): ReactNode {
  const t = useOrderTexts()
  const channelName = useNameOf('channel')
  const { status, channel, region, pay, cases, from, to } = filters
  const chip = (field: string, value: string, off: Partial<Filters>): ReactNode => (
    <Chip key={field} field={field} value={value} onRemove={() => onChange(off)} />
  )
  return (
    <>
      {status && chip(t('list.status'), status.map(s => t(`status.${s}`)).join(' · '), { status: undefined })}
      {channel && chip(t('list.channel'), channel.map(channelName).join(' · '), { channel: undefined })}
      {region && chip(t('list.region'), region.join(' · '), { region: undefined })}
      {pay && chip(t('list.payment'), pay.map(m => t(`method.${m}`)).join(' · '), { pay: undefined })}
      {cases && chip(t('list.cases'), t('list.withCases'), { cases: undefined })}
      {from && chip(t('list.from'), from, { from: undefined })}
      {to && chip(t('list.to'), to, { to: undefined })}
    </>
  )
}
