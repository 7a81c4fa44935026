import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { call } from '../../../lib/api.ts'
import { shortTime } from '../../../lib/format.ts'
import { keyOf } from '../../../lib/query.ts'
import { toast } from '../../../lib/toasts.ts'
import { worldNow } from '../../../lib/world-time.ts'
import type { Stage } from '../stage.tsx'
import { useRuleTexts } from '../texts.ts'
import { Field, Line } from './field.tsx'
import { Refused } from './refused.tsx'

export interface MoveDialogProps {
  readonly id: string
  readonly version: number
  readonly to: Stage
  readonly onClose: () => void
}

/** A version goes to another stage at an instant, with a reason. */
export function MoveDialog({ id, version, to, onClose }: MoveDialogProps): ReactNode {
  const t = useRuleTexts()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [from, setFrom] = useState('')
  const move = useMutation({
    mutationFn: () =>
      call('moveRule', {
        params: { id },
        body: { version, to, reason, ...(from !== '' && { activeFrom: new Date(from).toISOString() }) },
      }),
    onSuccess: async change => {
      toast(t('move.done', { time: shortTime(change.activeFrom, worldNow()) }))
      await client.invalidateQueries({ queryKey: keyOf('getRule') })
      void client.invalidateQueries({ queryKey: keyOf('listRules') })
      void client.invalidateQueries({ queryKey: keyOf('listRuleNames') })
      void client.invalidateQueries({ queryKey: keyOf('listRuleChanges') })
      onClose()
    },
  })
  return (
    <Dialog open title={t('move.title', { version, stage: t(`stage.${to}`) })} onClose={onClose} width={520}>
      <form
        className="rule-d"
        onSubmit={event => {
          event.preventDefault()
          if (reason.trim() !== '') move.mutate()
        }}
      >
        <p className="d1">{t(`move.${to}`)}</p>
        <Line label={t('move.why')} rows={3} value={reason} onText={setReason} />
        <Field label={t('move.from')} hint={t('move.fromHint')}>
          {(box, described) => (
            <input
              id={box}
              aria-describedby={described}
              type="datetime-local"
              value={from}
              onChange={event => setFrom(event.target.value)}
            />
          )}
        </Field>
        {move.error !== null && <Refused error={move.error} said={t('move.not')} />}
        <div className="row end">
          <Button onClick={onClose}>{t('verb.cancel')}</Button>
          <Button
            kind="solid"
            type="submit"
            busy={move.isPending}
            unable={reason.trim() === '' ? t('save.needsWhy') : null}
          >
            {t(`verb.${to}`)}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
