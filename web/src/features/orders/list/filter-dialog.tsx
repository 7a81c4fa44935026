import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { type Filters, METHODS, readFilters, STATUSES } from '../model/filters.ts'
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
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onChange(draft)
    onClose()
  }
  const toggle = <V extends string>(list: readonly V[] | undefined, value: V): readonly V[] | undefined => {
    const next = list?.includes(value) ? list.filter(v => v !== value) : [...(list ?? []), value]
    return next.length === 0 ? undefined : next
  }
  const words = (text: string): readonly string[] | undefined => readFilters({ channel: text }).channel
  return (
    <form className="filter-form" onSubmit={submit}>
      <Choices label={t('list.status')}>
        {STATUSES.map(status => (
          <Check
            key={status}
            on={draft.status?.includes(status) ?? false}
            text={t(`status.${status}`)}
            onToggle={() => setDraft({ ...draft, status: toggle(draft.status, status) })}
          />
        ))}
      </Choices>
      <Choices label={t('list.payment')}>
        {METHODS.map(method => (
          <Check
            key={method}
            on={draft.pay?.includes(method) ?? false}
            text={t(`method.${method}`)}
            onToggle={() => setDraft({ ...draft, pay: toggle(draft.pay, method) })}
          />
        ))}
      </Choices>
      <Choices label={t('list.cases')}>
        <Check
          on={draft.cases === true}
          text={t('list.withCases')}
          onToggle={() => setDraft({ ...draft, cases: draft.cases ? undefined : true })}
        />
      </Choices>
      <Field
        label={t('list.channel')}
        value={draft.channel?.join(', ') ?? ''}
        onText={text => setDraft({ ...draft, channel: words(text) })}
      />
      <Field
        label={t('list.region')}
        value={draft.region?.join(', ') ?? ''}
        onText={text => setDraft({ ...draft, region: words(text) })}
      />
      <Field
        label={t('list.from')}
        type="date"
        value={draft.from ?? ''}
        onText={from => setDraft({ ...draft, from: from || undefined })}
      />
      <Field
        label={t('list.to')}
        type="date"
        value={draft.to ?? ''}
        onText={to => setDraft({ ...draft, to: to || undefined })}
      />
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
