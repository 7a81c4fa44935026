import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { ApiError, call, newKey } from '../../../lib/api.ts'
import { useOrderTexts } from '../texts.ts'

export interface NoteProps {
  readonly order: OrderDetail
  readonly open: boolean
  readonly onClose: () => void
}

const MOST = 2000

/** Writes a note into the order's ledger. */
export function NoteDialog({ order, open, onClose }: NoteProps): ReactNode {
  const t = useOrderTexts()
  const client = useQueryClient()
  const [text, setText] = useState('')
  // The same note, sent twice by an unsteady line, is written once.
  const [key, setKey] = useState(newKey)
  const save = useMutation({
    mutationFn: () => call('noteOrder', { params: { id: order.id }, body: { text: text.trim() }, idempotencyKey: key }),
    onSuccess: () => {
      setText('')
      setKey(newKey())
      void client.invalidateQueries({ queryKey: ['getOrder'] })
      void client.invalidateQueries({ queryKey: ['getOrderLedger'] })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '' && !save.isPending) save.mutate()
  }
  return (
    <Dialog open={open} title={t('note.title')} onClose={onClose} width={480}>
      <form className="ord-note" onSubmit={submit}>
        <textarea
          aria-label={t('note.text')}
          autoFocus
          rows={5}
          maxLength={MOST}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && (event.metaKey || event.ctrlKey) && submit(event)}
        />
        {save.error !== null && (
          <p className="red" role="alert">
            {save.error instanceof ApiError ? save.error.detail : String(save.error)}
          </p>
        )}
        <div className="row">
          <span className="grow" />
          <Button onClick={onClose}>{t('note.cancel')}</Button>
          <Button kind="solid" type="submit" busy={save.isPending}>
            {t('note.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
