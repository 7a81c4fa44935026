import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { Section } from '../../../kit/region.tsx'
import { Time } from '../../../kit/time.tsx'
import { ApiError, call, type Reply } from '../../../lib/api.ts'
import { useUnable } from '../../../lib/me.ts'
import { useOrderTexts } from '../texts.ts'

const FIELDS = ['name', 'phone', 'email', 'address', 'note'] as const
type Field = (typeof FIELDS)[number]

const LEAST_REASON = 3

/** Who the order is for, masked; in plain only with a right and a reason, and the audit trail knows of it. */
export function Customer({ order }: { order: OrderDetail }): ReactNode {
  const t = useOrderTexts()
  const [open, setOpen] = useState(false)
  const unable = useUnable('personal.reveal')
  const { customer, shipTo, erasedAt } = order
  const place = [shipTo.country, shipTo.region, shipTo.city].filter(part => part !== null).join(' ')
  return (
    <Section
      title={t('customer.title')}
      end={
        <Button small unable={unable ?? (erasedAt === null ? null : t('customer.gone'))} onClick={() => setOpen(true)}>
          {t('customer.reveal')}
        </Button>
      }
    >
      <dl className="kv">
        <dt>{t('customer.name')}</dt>
        <dd>{customer.masked ?? '—'}</dd>
        <dt>{t('customer.place')}</dt>
        <dd>{place === '' ? '—' : place}</dd>
      </dl>
      {erasedAt !== null && (
        <p className="d2 sm">
          {t('customer.gone')} <Time of={erasedAt} />
        </p>
      )}
      <Dialog open={open} title={t('customer.reveal')} onClose={() => setOpen(false)} width={480}>
        <Reveal id={order.id} />
      </Dialog>
    </Section>
  )
}

/** What is shown lives in this dialog only: it is gone with it. */
function Reveal({ id }: { id: string }): ReactNode {
  const t = useOrderTexts()
  const [fields, setFields] = useState<readonly Field[]>(['phone'])
  const [reason, setReason] = useState('')
  const box = useId()
  const reveal = useMutation({
    mutationFn: () => call('revealOrder', { params: { id }, body: { fields: [...fields], reason } }),
    gcTime: 0,
  })
  const unable = reason.trim().length < LEAST_REASON || fields.length === 0 ? t('customer.needs') : null
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (unable === null && !reveal.isPending) reveal.mutate()
  }
  const toggle = (field: Field): void =>
    setFields(fields.includes(field) ? fields.filter(one => one !== field) : [...fields, field])
  if (reveal.isSuccess) return <Revealed of={reveal.data} />
  return (
    <form className="ord-reveal" onSubmit={submit}>
      <fieldset>
        <legend>{t('customer.what')}</legend>
        {FIELDS.map(field => (
          <label key={field}>
            <input type="checkbox" checked={fields.includes(field)} onChange={() => toggle(field)} />
            {t(`customer.${field}`)}
          </label>
        ))}
      </fieldset>
      <label htmlFor={box}>{t('customer.why')}</label>
      <input id={box} value={reason} maxLength={500} onChange={event => setReason(event.target.value)} />
      {reveal.error !== null && (
        <p className="red" role="alert">
          {reveal.error instanceof ApiError && reveal.error.detail !== '' ? reveal.error.detail : String(reveal.error)}
        </p>
      )}
      <div>
        <Button kind="solid" type="submit" busy={reveal.isPending} unable={unable}>
          {t('customer.reveal')}
        </Button>
      </div>
    </form>
  )
}

function Revealed({ of: { customer, shipTo, notes } }: { of: Reply<'revealOrder'> }): ReactNode {
  const t = useOrderTexts()
  const { name, phone, ...address } = shipTo
  const lines = [
    { field: 'name', said: [customer.name, name] },
    { field: 'phone', said: [customer.phone, phone] },
    { field: 'email', said: [customer.email] },
    { field: 'address', said: [Object.values(address).join(', ')] },
    { field: 'note', said: notes.map(note => note.text) },
  ] as const
  const known = lines.map(({ field, said }) => ({ field, said: [...new Set(said.filter(Boolean))].join('; ') }))
  const shown = known.filter(({ said }) => said !== '')
  return (
    <div className="ord-reveal" role="status">
      {shown.length === 0 && <p>{t('customer.nothing')}</p>}
      <dl className="kv">
        {shown.map(({ field, said }) => (
          <div key={field} style={{ display: 'contents' }}>
            <dt>{t(`customer.${field}`)}</dt>
            <dd style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>{said}</dd>
          </div>
        ))}
      </dl>
      <p className="d2 sm">{t('customer.told')}</p>
    </div>
  )
}
