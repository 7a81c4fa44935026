import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { useCodeOf, useNameOf } from '../../../kit/names.ts'
import { type Filters, METHODS, readFilters, STATUSES, withoutGaps } from '../model/filters.ts'
import { useOrderTexts } from '../texts.ts'

export interface FilterDialogProps {
  readonly filters: Filters
  readonly open: boolean
  readonly onClose: () => void
  readonly onChange: (filters: Filters) => void
}

/** All filters in one place. */
export function FilterDialog(props: FilterDialogProps): ReactNode {
  const t = useOrderTexts()
  return (
    <Dialog open={props.open} title={t('list.filters')} onClose={props.onClose} width={560}>
      <FilterForm {...props} />
    </Dialog>
  )
}

const ANY: Filters = {}

function FilterForm({ filters, onClose, onChange }: FilterDialogProps): ReactNode {
  const t = useOrderTexts()
  const [draft, setDraft] = useState(filters)
  const set = (change: { [K in keyof Filters]?: Filters[K] | undefined }): void =>
    setDraft(before => withoutGaps({ ...NONE, ...before, ...change }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onChange(draft)
    onClose()
  }
  return (
    <form className="filter-form" onSubmit={submit}>
      <Checks draft={draft} set={set} />
      <Fields draft={draft} set={set} />
      <div className="row">
        <Button onClick={() => setDraft(draft.q === undefined ? ANY : { q: draft.q })}>{t('list.clear')}</Button>
        <span className="grow" />
        <Button kind="solid" type="submit">
          {t('list.apply')}
        </Button>
      </div>
    </form>
  )
}

const NONE = {
  ...{ q: undefined, status: undefined, channel: undefined, region: undefined },
  ...{ pay: undefined, cases: undefined, from: undefined, to: undefined },
}

interface DraftProps {
  readonly draft: Filters
  readonly set: (change: { [K in keyof Filters]?: Filters[K] | undefined }) => void
}

/** The list with the value, or without it when it was there; none when nothing is left. */
function toggled<V extends string>(list: readonly V[] | undefined, value: V): readonly V[] | undefined {
  const next = list?.includes(value) ? list.filter(v => v !== value) : [...(list ?? []), value]
  return next.length === 0 ? undefined : next
}

function Checks({ draft, set }: DraftProps): ReactNode {
  const t = useOrderTexts()
  return (
    <>
      <Choices label={t('list.status')}>
        {STATUSES.map(status => (
          <Check
            key={status}
            on={draft.status?.includes(status) ?? false}
            text={t(`status.${status}`)}
            onToggle={() => set({ status: toggled(draft.status, status) })}
          />
        ))}
      </Choices>
      <Choices label={t('list.payment')}>
        {METHODS.map(method => (
          <Check
            key={method}
            on={draft.pay?.includes(method) ?? false}
            text={t(`method.${method}`)}
            onToggle={() => set({ pay: toggled(draft.pay, method) })}
          />
        ))}
      </Choices>
      <Choices label={t('list.cases')}>
        <Check
          on={draft.cases === true}
          text={t('list.withCases')}
          onToggle={() => set({ cases: draft.cases ? undefined : true })}
        />
      </Choices>
    </>
  )
}

function Fields({ draft, set }: DraftProps): ReactNode {
  const t = useOrderTexts()
  const [channelName, channelCode] = [useNameOf('channel'), useCodeOf('channel')]
  const words = (text: string): readonly string[] | undefined => readFilters({ channel: text }).channel
  const day = (text: string): string | undefined => (text === '' ? undefined : text)
  return (
    <>
      <Field
        label={t('list.channel')}
        value={draft.channel?.map(channelName).join(', ') ?? ''}
        onText={text => set({ channel: words(text)?.map(channelCode) })}
      />
      <Field
        label={t('list.region')}
        value={draft.region?.join(', ') ?? ''}
        onText={text => set({ region: words(text) })}
      />
      <Field label={t('list.from')} type="date" value={draft.from ?? ''} onText={from => set({ from: day(from) })} />
      <Field label={t('list.to')} type="date" value={draft.to ?? ''} onText={to => set({ to: day(to) })} />
    </>
  )
}

const Choices = ({ label, children }: { label: string; children: ReactNode }): ReactNode => (
  <fieldset>
    <legend>{label}</legend>
    <div className="row wrap">{children}</div>
  </fieldset>
)

interface CheckProps {
  readonly on: boolean
  readonly text: string
  readonly onToggle: () => void
}

export const Check = ({ on, text, onToggle }: CheckProps): ReactNode => (
  <label className="check">
    <input type="checkbox" checked={on} onChange={onToggle} />
    {text}
  </label>
)

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly type?: 'text' | 'date'
  readonly onText: (text: string) => void
}

/** Text is taken over when the field is left, so that a comma can be typed. */
function Field({ label, value, type = 'text', onText }: FieldProps): ReactNode {
  const [text, setText] = useState(value)
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type={type}
        value={text}
        onChange={event => {
          setText(event.target.value)
          onText(event.target.value)
        }}
      />
    </label>
  )
}
