import { type FormEvent, type ReactNode, useState } from 'react'
import type { PersonAsked } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { useUnable } from '../../../lib/me.ts'
import { Field } from '../field.tsx'
import { useAccessTexts } from '../texts.ts'

const LEAST = 3

/** By what the person is known. It stays out of the address: that is kept by browsers and by proxies. */
export function FindPane({ onFind }: { onFind: (person: PersonAsked) => void }): ReactNode {
  const t = useAccessTexts()
  const [phone, setPhone] = useState('')
  const [mail, setMail] = useState('')
  const [customer, setCustomer] = useState('')
  const unable = useUnable('personal.erase')
  const given = { phone: phone.trim(), mail: mail.trim(), customer: customer.trim() }
  const person: PersonAsked = Object.fromEntries(Object.entries(given).filter(([, text]) => text !== ''))
  const texts = Object.values(person)
  const isWhole = texts.length > 0 && texts.every(text => text.length >= LEAST)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isWhole && unable === null) onFind(person)
  }
  return (
    <Pane title={t('personal.find')}>
      <form className="in-pane form" onSubmit={submit}>
        <p className="d2 sm">{t('personal.findWhy')}</p>
        <div className="thirds">
          <Field label={t('personal.phone')} maxLength={40} value={phone} onText={setPhone} />
          <Field label={t('mail')} maxLength={254} value={mail} onText={setMail} />
          <Field label={t('personal.customer')} maxLength={128} value={customer} onText={setCustomer} />
        </div>
        <div>
          <Button kind="solid" type="submit" unable={unable ?? (isWhole ? null : t('personal.findWhy'))}>
            {t('personal.doFind')}
          </Button>
        </div>
      </form>
    </Pane>
  )
}
