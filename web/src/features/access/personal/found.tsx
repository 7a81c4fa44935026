import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { PersonAsked } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { call, callForFile, type Reply } from '../../../lib/api.ts'
import { count } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { Field } from '../field.tsx'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'
import { EraseDialog } from './erase-dialog.tsx'

type Preview = Reply<'previewErasure'>

const SHOWN = 12
const LEAST_REASON = 3

/** What is kept of the person, and the two things that they may ask for. */
export function FoundPane({ person }: { person: PersonAsked }): ReactNode {
  const t = useAccessTexts()
  // Each look stands in the audit trail: it is not taken again because a window got the focus.
  const once = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnWindowFocus: false, retry: false }
  const found = useQuery({
    ...once,
    queryKey: ['previewErasure', person],
    queryFn: ({ signal }) => call('previewErasure', { body: { person }, signal }),
  })
  return (
    <Pane title={t('personal.kept')} head={<Head found={found.data} />}>
      <View query={found} what={t('personal.kept')} rows={3}>
        {preview => (
          <div className="in-pane form">
            <Orders preview={preview} />
            <Requests person={person} preview={preview} onErased={() => void found.refetch()} />
          </div>
        )}
      </View>
    </Pane>
  )
}

function Head({ found }: { found: Preview | undefined }): ReactNode {
  const t = useAccessTexts()
  if (found === undefined) return null
  const { orders, open } = found
  return <b role="status">{orders === 0 ? t('personal.nothing') : t('personal.found', { count: orders, open })}</b>
}

function Orders({ preview: { orders, first } }: { preview: Preview }): ReactNode {
  const t = useAccessTexts()
  if (orders === 0) return <Empty title={t('personal.nothing')} why={t('personal.nothingWhy')} />
  const shown = first.slice(0, SHOWN)
  return (
    <div>
      <p className="d2 sm">{t('personal.first', { count: shown.length })}</p>
      <ul className="row wrap">
        {shown.map(({ id, orderNo }) => (
          <li key={id}>
            <Link className="l mono sm" to="/orders/$id" params={{ id }}>
              {orderNo ?? id}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}

interface RequestsProps {
  readonly person: PersonAsked
  readonly preview: Preview
  readonly onErased: () => void
}

function Requests({ person, preview, onErased }: RequestsProps): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [erasing, setErasing] = useState(false)
  const noReason = reason.trim().length < LEAST_REASON ? t('personal.reasonFirst') : null
  const mayNotExport = useUnable('personal.export')
  const mayNotErase = useUnable('personal.erase')
  const take = useMutation({
    mutationFn: () => callForFile('exportPerson', { body: { person, reason } }),
    onSuccess: file => {
      keep(file, 'personal-data.json')
      void client.invalidateQueries({ queryKey: ['listAudit'] })
    },
  })
  return (
    <>
      <Field
        {...{ label: t('personal.reason'), hint: t('personal.reasonHint'), maxLength: 500 }}
        value={reason}
        onText={setReason}
      />
      <Problem error={take.error} />
      <div className="row wrap">
        <Button
          icon={<Download size={15} aria-hidden />}
          busy={take.isPending}
          unable={mayNotExport ?? noReason}
          onClick={() => take.mutate()}
        >
          {t('personal.export')}
        </Button>
        {take.isSuccess && <output className="green">{t('personal.exported')}</output>}
        <span className="grow" />
        <Button kind="danger" unable={mayNotErase ?? noReason} onClick={() => setErasing(true)}>
          {t('personal.erase')} ({count(preview.orders)})
        </Button>
      </div>
      <EraseDialog
        {...{ open: erasing, person, reason, orders: preview.orders }}
        onClose={() => setErasing(false)}
        onErased={onErased}
      />
    </>
  )
}

/** Hands a file to the person, as a download. */
function keep(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
