import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { ApiKeyItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { call } from '../../../lib/api.ts'
import { Field } from '../field.tsx'
import { Once } from '../once.tsx'
import { wordsOf } from '../people/words.ts'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'
import { KeyRights } from './key-rights.tsx'
import { KeyVerbs } from './key-verbs.tsx'

export interface KeyDialogProps {
  readonly apiKey: ApiKeyItem | 'new' | null
  readonly unable: string | null
  readonly onClose: () => void
  readonly onOpen: (key: ApiKeyItem) => void
}

/** Makes a key, or changes one; a new secret is shown this once. */
export function KeyDialog({ apiKey, unable, onClose, onOpen }: KeyDialogProps): ReactNode {
  const t = useAccessTexts()
  const [secret, setSecret] = useState<string | null>(null)
  const title = apiKey === 'new' || apiKey === null ? t('keys.new') : apiKey.name
  const close = (): void => {
    setSecret(null)
    onClose()
  }
  const shown = (key: ApiKeyItem, text: string | null): void => {
    if (text !== null) setSecret(text)
    onOpen(key)
  }
  return (
    <Dialog open={apiKey !== null} title={title} onClose={close} width={640}>
      {secret !== null && <Once why={t('keys.once')} text={secret} />}
      {apiKey !== null && (
        <KeyForm
          key={apiKey === 'new' ? 'new' : `${apiKey.id}${apiKey.version}`}
          apiKey={apiKey === 'new' ? null : apiKey}
          unable={unable}
          onSaved={shown}
        />
      )}
      {apiKey !== null && apiKey !== 'new' && <KeyVerbs apiKey={apiKey} unable={unable} onChanged={shown} />}
    </Dialog>
  )
}

interface KeyFormProps {
  readonly apiKey: ApiKeyItem | null
  readonly unable: string | null
  readonly onSaved: (key: ApiKeyItem, secret: string | null) => void
}

const dayOf = (iso: string | null | undefined): string => iso?.slice(0, 10) ?? ''
/** The end of that day, where the reader is. */
const endOf = (day: string): string | null => (day === '' ? null : new Date(`${day}T23:59:59`).toISOString())

function KeyForm({ apiKey, unable, onSaved }: KeyFormProps): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const [handle, setHandle] = useState(apiKey?.handle ?? '')
  const [name, setName] = useState(apiKey?.name ?? '')
  const [rights, setRights] = useState<ApiKeyItem['rights']>(apiKey?.rights ?? ['event.write'])
  const [shops, setShops] = useState(apiKey?.shops?.join(', ') ?? '')
  const [addresses, setAddresses] = useState(apiKey?.addresses.join(', ') ?? '')
  const [rate, setRate] = useState(String(apiKey?.rate ?? 600))
  const [expires, setExpires] = useState(dayOf(apiKey?.expiresAt))
  const save = useMutation({
    mutationFn: async () => {
      const given = {
        ...{ name, rights, shops: allIfNone(wordsOf(shops)), addresses: wordsOf(addresses), rate: Number(rate) },
        expiresAt: endOf(expires),
      }
      if (apiKey === null) return call('createKey', { body: { handle, ...given } })
      const { id, version } = apiKey
      return { key: await call('changeKey', { params: { id }, body: { version, ...given } }), secret: null }
    },
    onSuccess: saved => {
      void client.invalidateQueries({ queryKey: ['listKeys'] })
      onSaved(saved.key, saved.secret)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!save.isPending) save.mutate()
  }
  return (
    <form className="form wide" onSubmit={submit}>
      <Field {...{ label: t('keys.name'), required: true, maxLength: 100 }} value={name} onText={setName} />
      <Field
        {...{ label: t('keys.handle'), hint: t('keys.handleHint'), required: true, readOnly: apiKey !== null }}
        maxLength={40}
        value={handle}
        onText={setHandle}
      />
      <KeyRights of={rights} onChange={setRights} />
      <Field label={`${t('people.shops')} (${t('people.allIfNone')})`} value={shops} onText={setShops} />
      <Field label={t('keys.addresses')} hint={t('keys.addressesHint')} value={addresses} onText={setAddresses} />
      <Field {...{ label: t('keys.rate'), type: 'number', required: true }} value={rate} onText={setRate} />
      <Field {...{ label: t('keys.expires'), type: 'date' }} value={expires} onText={setExpires} />
      <Problem error={save.error} />
      <div>
        <Button kind="solid" type="submit" busy={save.isPending} unable={unable}>
          {apiKey === null ? t('keys.make') : t('save')}
        </Button>
      </div>
    </form>
  )
}

const allIfNone = (names: string[]): string[] | null => (names.length === 0 ? null : names)
