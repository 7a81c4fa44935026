import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { CaseDetail } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { ApiError, call, newKey } from '../../../lib/api.ts'
import { useCaseTexts } from '../texts.ts'

export type Ask = 'note' | 'resolve' | 'close' | 'reopen'

const CAUSES = [
  ...(['data_source', 'stock_sync', 'broken_flow', 'rule_clash', 'supplier', 'carrier', 'warehouse'] as const),
  ...(['customer', 'payment', 'address', 'system', 'false_alarm', 'other'] as const),
] as const

export interface CaseDialogProps {
  readonly case: CaseDetail
  readonly ask: Ask | null
  readonly onClose: () => void
  readonly onDone: () => void
}

const TEXTS = { note: 'note.text', resolve: 'resolve.text', close: 'close.result', reopen: 'reopen.reason' } as const
const TITLES = { note: 'note.title', resolve: 'resolve.title', close: 'close.title', reopen: 'reopen.title' } as const

/** What a step needs to be told; closing asks for the cause and the result, and why when the anomaly still holds. */
export function CaseDialog({ case: found, ask, onClose, onDone }: CaseDialogProps): ReactNode {
  const t = useCaseTexts()
  const [text, setText] = useState('')
  const [cause, setCause] = useState('')
  const [override, setOverride] = useState('')
  // Sent twice by an unsteady line it is carried out once; corrected after a refusal it is another command.
  const [key, setKey] = useState(newKey)
  const send = useMutation({
    mutationFn: () => carryOut({ id: found.id, ask: ask ?? 'note', text, cause, override, key }),
    onSuccess: () => {
      onDone()
      onClose()
    },
    onError: error => error instanceof ApiError && error.status !== 0 && setKey(newKey()),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!send.isPending) send.mutate()
  }
  if (ask === null) return null
  return (
    <Dialog open title={t(TITLES[ask])} onClose={onClose} width={480}>
      <form className="case-d" onSubmit={submit}>
        {ask === 'close' && <CauseField value={cause} onPick={setCause} />}
        <label>
          {t(TEXTS[ask])}
          <textarea required rows={4} maxLength={2000} value={text} onChange={event => setText(event.target.value)} />
        </label>
        {ask === 'close' && found.holds && (
          <label>
            {t('close.override')}
            <textarea rows={2} maxLength={500} value={override} onChange={event => setOverride(event.target.value)} />
          </label>
        )}
        {send.error !== null && (
          <p className="red" role="alert">
            {send.error instanceof ApiError ? send.error.detail : String(send.error)}
          </p>
        )}
        <div className="row">
          <span className="grow" />
          <Button onClick={onClose}>{t('dialog.cancel')}</Button>
          <Button kind="solid" type="submit" busy={send.isPending}>
            {t(TITLES[ask])}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function CauseField({ value, onPick }: { value: string; onPick: (cause: string) => void }): ReactNode {
  const t = useCaseTexts()
  return (
    <label>
      {t('close.cause')}
      <select required value={value} onChange={event => onPick(event.target.value)}>
        <option value="">{t('close.pick')}</option>
        {CAUSES.map(cause => (
          <option key={cause} value={cause}>
            {t(`cause.${cause}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

interface Given {
  readonly id: string
  readonly ask: Ask
  readonly text: string
  readonly cause: string
  readonly override: string
  readonly key: string
}

async function carryOut({ id, ask, text, cause, override, key }: Given): Promise<void> {
  const how = { params: { id }, idempotencyKey: key }
  if (ask === 'note') await call('noteCase', { ...how, body: { text } })
  else if (ask === 'resolve') await call('resolveCase', { ...how, body: { result: text } })
  else if (ask === 'reopen') await call('reopenCase', { ...how, body: { reason: text } })
  else {
    const reason = override.trim()
    const body = { cause, result: text, ...(reason !== '' && { override: { reason } }) }
    await call('closeCase', { ...how, body })
  }
}
