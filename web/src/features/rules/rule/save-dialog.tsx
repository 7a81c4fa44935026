import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { RESERVED_RULE_IDS } from '../../../../../src/contract/rule-ids.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { call } from '../../../lib/api.ts'
import { keyOf } from '../../../lib/query.ts'
import { toast } from '../../../lib/toasts.ts'
import { readyToSave } from '../model/draft.ts'
import { useRuleTexts } from '../texts.ts'
import type { Editing } from './editing.ts'
import { Line } from './field.tsx'
import { Meanwhile } from './meanwhile.tsx'
import { Refused } from './refused.tsx'

export interface SaveDialogProps extends Editing {
  readonly onClose: () => void
  readonly onSaved: (id: string, version: number) => void
}

/** An id from the English name: lower case with underscores. */
const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 60)

/** A draft is saved with what has changed and why; a new rule gets its id here. */
export function SaveDialog(props: SaveDialogProps): ReactNode {
  const { id, base, draft, onClose, onSaved } = props
  const t = useRuleTexts()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [given, setGiven] = useState(() => idOf(draft.text.name.en))
  const name = id ?? given
  const save = useMutation({
    mutationFn: () =>
      call('saveRuleDraft', {
        params: { id: name },
        body: { text: readyToSave(draft.text, name), reason, seen: base.seen },
      }),
    onSuccess: async version => {
      toast(t('save.done', { version: version.version }))
      await client.invalidateQueries({ queryKey: keyOf('getRule') })
      void client.invalidateQueries({ queryKey: keyOf('listRules') })
      void client.invalidateQueries({ queryKey: keyOf('listRuleNames') })
      onSaved(name, version.version)
    },
    // Perhaps somebody else saved: the page says who.
    onError: () => client.invalidateQueries({ queryKey: keyOf('getRule') }),
  })
  const reserved = id === null && RESERVED_RULE_IDS.has(name) ? t('save.reserved') : null
  const unable =
    reason.trim() === '' ? t('save.needsWhy') : /^[a-z][a-z0-9_]{0,59}$/.test(name) ? reserved : t('save.needsId')
  return (
    <Dialog open title={t('save.title')} onClose={onClose} width={520}>
      <form
        className="rule-d"
        onSubmit={event => {
          event.preventDefault()
          if (unable === null) save.mutate()
        }}
      >
        {id === null && <Line label={t('save.id')} hint={t('save.idHint')} value={given} onText={setGiven} />}
        <Line label={t('save.why')} rows={3} value={reason} onText={setReason} />
        {save.error !== null && <Refused error={save.error} said={t('save.not')} />}
        <Meanwhile {...props} />
        <div className="row end">
          <Button onClick={onClose}>{t('verb.cancel')}</Button>
          <Button kind="solid" type="submit" busy={save.isPending} unable={unable}>
            {t('verb.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
