import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { RetentionItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { Pane } from '../../../kit/region.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Time, useLanguage } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { count } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import { Field } from '../field.tsx'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'

/** For how long which kind of data is kept. */
export function RetentionPane(): ReactNode {
  const t = useAccessTexts()
  const unable = useUnable('config.manage')
  const [open, setOpen] = useState<RetentionItem | null>(null)
  const kinds = useQuery({ ...asking('listRetention', {}), enabled: unable === null })
  return (
    <Pane title={t('kept.retention')} sub={t('kept.retentionSub')}>
      {unable !== null ? (
        <Empty title={t('kept.retentionUnable')} />
      ) : (
        <View query={kinds} what={t('kept.retention')} rows={8}>
          {({ items }) => <Kinds items={items} onOpen={setOpen} />}
        </View>
      )}
      <RetentionDialog kind={open} unable={unable} onClose={() => setOpen(null)} />
    </Pane>
  )
}

function Kinds({
  items,
  onOpen,
}: {
  items: readonly RetentionItem[]
  onOpen: (kind: RetentionItem) => void
}): ReactNode {
  const t = useAccessTexts()
  const language = useLanguage()
  const inWords = ({ zh, en }: RetentionItem['name']): string => (language === 'en' ? en : zh)
  return (
    <div className="plain-table">
      <table className="t">
        <thead>
          <tr>
            <th>{t('kept.kind')}</th>
            <th className="num">{t('kept.days')}</th>
            <th>{t('kept.changed')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(item => (
            <tr key={item.kind}>
              <td style={{ whiteSpace: 'normal', paddingBlock: 4 }}>
                <button type="button" className="l m" onClick={() => onOpen(item)}>
                  {inWords(item.name)}
                </button>
                <div className="d2 sm">{inWords(item.about)}</div>
              </td>
              <td className="num">{item.days === null ? t('kept.forever') : count(item.days)}</td>
              <td>
                <Time of={item.changedAt} /> <span className="d2 sm">{item.changedBy}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RetentionDialogProps {
  readonly kind: RetentionItem | null
  readonly unable: string | null
  readonly onClose: () => void
}

function RetentionDialog({ kind, unable, onClose }: RetentionDialogProps): ReactNode {
  const language = useLanguage()
  const name = kind === null ? '' : language === 'en' ? kind.name.en : kind.name.zh
  return (
    <Dialog open={kind !== null} title={name} onClose={onClose} width={440}>
      {kind !== null && <RetentionForm kind={kind} unable={unable} onClose={onClose} />}
    </Dialog>
  )
}

function RetentionForm({ kind, unable, onClose }: RetentionDialogProps & { kind: RetentionItem }): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const [days, setDays] = useState(kind.days === null ? '' : String(kind.days))
  const [reason, setReason] = useState('')
  const given = days.trim() === '' ? null : Number(days)
  const change = useMutation({
    mutationFn: () =>
      call('changeRetention', {
        params: { kind: kind.kind },
        body: { days: given, ...(reason.trim() !== '' && { reason }) },
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['listRetention'] })
      onClose()
    },
  })
  const { least, most } = kind
  const isOdd = given === null ? most !== null : !Number.isInteger(given) || given < least || given > (most ?? 36_500)
  const bounds = most === null ? t('kept.boundsOpen', { least }) : t('kept.bounds', { least, most })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!isOdd && unable === null && !change.isPending) change.mutate()
  }
  return (
    <form className="form wide" onSubmit={submit}>
      <Field
        {...{ label: t('kept.days'), type: 'number', hint: bounds, error: isOdd ? bounds : null }}
        value={days}
        onText={setDays}
      />
      <Field {...{ label: t('personal.reason'), maxLength: 500 }} value={reason} onText={setReason} />
      <Problem error={change.error} />
      <div>
        <Button kind="solid" type="submit" busy={change.isPending} unable={unable ?? (isOdd ? bounds : null)}>
          {t('kept.change')}
        </Button>
      </div>
    </form>
  )
}
