import '../access.css'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { ApiKeyItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Page } from '../../../kit/page.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Table } from '../../../kit/table.tsx'
import { Time } from '../../../kit/time.tsx'
import { count } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import { useAccessTexts } from '../texts.ts'
import { KeyDialog } from './key-dialog.tsx'

/** How programs come in: what each key may do, where from, and when it was last used. */
export function KeysPage(): ReactNode {
  const t = useAccessTexts()
  const [open, setOpen] = useState<ApiKeyItem | 'new' | null>(null)
  const keys = useQuery(asking('listKeys', { query: { limit: 200 } }))
  const unable = useUnable('key.manage')
  const make = (
    <Button kind="solid" icon={<Plus size={15} aria-hidden />} unable={unable} onClick={() => setOpen('new')}>
      {t('keys.new')}
    </Button>
  )
  return (
    <Page title={t('keys.title')}>
      <div className="acc-bar">
        <p className="d1">{t('keys.why')}</p>
        <span className="grow" />
        {make}
      </div>
      <View
        query={keys}
        what={t('keys.title')}
        rows={8}
        isEmpty={page => page.items.length === 0}
        empty={<Empty title={t('keys.none')} why={t('keys.noneWhy')} />}
      >
        {page => <Keys items={page.items} onOpen={setOpen} />}
      </View>
      <KeyDialog apiKey={open} unable={unable} onClose={() => setOpen(null)} onOpen={setOpen} />
    </Page>
  )
}

function Keys({ items, onOpen }: { items: readonly ApiKeyItem[]; onOpen: (key: ApiKeyItem) => void }): ReactNode {
  const t = useAccessTexts()
  const rightsOf = (key: ApiKeyItem): string => key.rights.join(', ')
  return (
    <Table
      items={items}
      keyOf={key => key.id}
      columns={[
        {
          head: t('keys.name'),
          cell: key => (
            <button type="button" className="l m el" onClick={() => onOpen(key)}>
              {key.name}
            </button>
          ),
          cut: { at: 220, text: key => key.name },
        },
        { head: t('keys.handle'), cell: key => key.handle, className: 'mono' },
        { head: t('keys.rights'), cell: rightsOf, cut: { at: 320, text: rightsOf } },
        { head: t('keys.rate'), cell: key => count(key.rate), num: true },
        { head: t('keys.expires'), cell: key => <Time of={key.expiresAt} /> },
        {
          head: t('keys.lastUsed'),
          cell: key => (
            <>
              <Time of={key.lastUsedAt} /> <span className="d2 sm mono">{key.lastAddress}</span>
            </>
          ),
        },
        {
          head: t('people.status'),
          cell: key => t(`keyStatus.${key.status}`),
          className: key => (key.status === 'active' ? 'green' : 'd2'),
        },
      ]}
    />
  )
}
