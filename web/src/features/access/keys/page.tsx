import '../access.css'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { ApiKeyItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Page } from '../../../kit/page.tsx'
import { Empty, View } from '../../../kit/states.tsx'
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
  return (
    <div className="acc-table">
      <table className="t">
        <thead>
          <tr>
            <th>{t('keys.name')}</th>
            <th>{t('keys.handle')}</th>
            <th>{t('keys.rights')}</th>
            <th className="num">{t('keys.rate')}</th>
            <th>{t('keys.expires')}</th>
            <th>{t('keys.lastUsed')}</th>
            <th>{t('people.status')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(key => (
            <tr key={key.id}>
              <td>
                <button type="button" className="l m" onClick={() => onOpen(key)}>
                  {key.name}
                </button>
              </td>
              <td className="mono">{key.handle}</td>
              <td className="el" style={{ maxWidth: 320 }} title={key.rights.join(', ')}>
                {key.rights.join(', ')}
              </td>
              <td className="num">{count(key.rate)}</td>
              <td>
                <Time of={key.expiresAt} />
              </td>
              <td>
                <Time of={key.lastUsedAt} /> <span className="d2 sm mono">{key.lastAddress}</span>
              </td>
              <td className={key.status === 'active' ? 'green' : 'd2'}>{t(`keyStatus.${key.status}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
