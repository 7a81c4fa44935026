import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { TableText } from '../../../../../src/contract/api/tables.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { call } from '../../../lib/api.ts'
import { shortTime } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { keyOf } from '../../../lib/query.ts'
import { toast } from '../../../lib/toasts.ts'
import { worldNow } from '../../../lib/world-time.ts'
import { Line } from '../rule/field.tsx'
import { Refused } from '../rule/refused.tsx'
import { useRuleTexts } from '../texts.ts'
import type { Table } from './table.ts'

export interface TableVerbsProps {
  readonly table: Table
  readonly text: TableText
  /** The newest version when the edit began. */
  readonly seen: string | null
  readonly changed: boolean
  readonly locked: string | null
  /** It was checked as it stands, and may be saved. */
  readonly ok: boolean
  readonly onSaved: () => void
}

/** Save the cells as a draft; have a version decide. Both with a reason. */
export function TableVerbs({ table, text, seen, changed, locked, ok, onSaved }: TableVerbsProps): ReactNode {
  const t = useRuleTexts()
  const client = useQueryClient()
  const mayMove = useUnable('rule.publish')
  const newest = table.versions[0] ?? null
  const refresh = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: keyOf('getTable') })
    void client.invalidateQueries({ queryKey: keyOf('listTables') })
  }
  const unableSave = locked ?? (changed ? (ok ? null : t('tables.refused')) : t('save.same'))
  const standsAlready = newest !== null && table.live?.version === newest.version
  const unableMove =
    mayMove ?? (changed || newest === null ? t('move.save') : standsAlready ? t('tables.stands') : null)
  return (
    <>
      <WithReason
        verb={t('verb.save')}
        solid={changed}
        unable={unableSave}
        act={async reason => {
          const draft = await call('saveTableDraft', {
            params: { id: table.id },
            body: { text, reason, seen },
          }).catch(async error => {
            // Perhaps somebody else saved: the page says who.
            await refresh()
            throw error
          })
          toast(t('save.done', { version: draft.version }))
          await refresh()
          onSaved()
        }}
      />
      <WithReason
        verb={t('tables.activate')}
        solid={!changed}
        unable={unableMove}
        act={async reason => {
          const turn = await call('activateTable', {
            params: { id: table.id },
            body: { version: newest?.version ?? null, reason },
          })
          toast(t('move.done', { time: shortTime(turn.activeFrom, worldNow()) }))
          await refresh()
        }}
      />
    </>
  )
}

interface WithReasonProps {
  readonly verb: string
  readonly solid: boolean
  readonly unable: string | null
  readonly act: (reason: string) => Promise<void>
}

function WithReason({ verb, solid, unable, act }: WithReasonProps): ReactNode {
  const t = useRuleTexts()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const done = useMutation({
    mutationFn: () => act(reason),
    onSuccess: () => {
      setOpen(false)
      setReason('')
    },
  })
  return (
    <>
      <Button kind={solid ? 'solid' : 'plain'} unable={unable} onClick={() => setOpen(true)}>
        {verb}
      </Button>
      <Dialog open={open} title={verb} onClose={() => setOpen(false)} width={480}>
        <form
          className="rule-d"
          onSubmit={event => {
            event.preventDefault()
            if (reason.trim() !== '') done.mutate()
          }}
        >
          <Line label={t('save.why')} rows={3} value={reason} onText={setReason} />
          {done.error !== null && <Refused error={done.error} said={t('move.not')} />}
          <div className="row end">
            <Button onClick={() => setOpen(false)}>{t('verb.cancel')}</Button>
            <Button
              kind="solid"
              type="submit"
              busy={done.isPending}
              unable={reason.trim() === '' ? t('save.needsWhy') : null}
            >
              {verb}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}
