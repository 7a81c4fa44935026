import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { PersonAsked } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { call } from '../../../lib/api.ts'
import { count } from '../../../lib/format.ts'
import { Field } from '../field.tsx'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'

export interface EraseDialogProps {
  readonly open: boolean
  readonly person: PersonAsked
  readonly reason: string
  readonly orders: number
  readonly onClose: () => void
  readonly onErased: () => void
}

/** The one thing here that cannot be undone: whoever does it types how many orders it is about. */
export function EraseDialog(props: EraseDialogProps): ReactNode {
  const t = useAccessTexts()
  return (
    <Dialog open={props.open} title={t('personal.erase')} onClose={props.onClose} width={520}>
      <EraseForm {...props} />
    </Dialog>
  )
}

function EraseForm({ person, reason, orders, onClose, onErased }: EraseDialogProps): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const erase = useMutation({
    mutationFn: () => call('erasePerson', { body: { person, reason } }),
    onSuccess: () => {
      // Whatever is on the screen somewhere may have said who it was.
      void client.invalidateQueries()
      onErased()
    },
  })
  const unable = typed.trim() === String(orders) ? null : t('personal.typeFirst')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (unable === null && !erase.isPending) erase.mutate()
  }
  if (erase.isSuccess) return <Erased {...erase.data} onClose={onClose} />
  return (
    <form className="form wide" onSubmit={submit}>
      <p>{t('personal.eraseWhy')}</p>
      <p className="d1">
        {t('personal.reason')}: {reason}
      </p>
      <Field
        {...{ label: t('personal.confirm', { count: count(orders) }), inputMode: 'numeric', maxLength: 8 }}
        value={typed}
        onText={setTyped}
      />
      <Problem error={erase.error} />
      <div>
        <Button kind="danger" type="submit" busy={erase.isPending} unable={unable}>
          {t('personal.doErase')}
        </Button>
      </div>
    </form>
  )
}

function Erased({ erased, waiting, onClose }: { erased: number; waiting: number; onClose: () => void }): ReactNode {
  const t = useAccessTexts()
  return (
    <div className="form wide" role="status">
      <p className="green">{t('personal.erased', { erased, waiting })}</p>
      <div>
        <Button onClick={onClose}>{t('back')}</Button>
      </div>
    </div>
  )
}
