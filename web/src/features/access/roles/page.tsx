import '../access.css'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { RoleItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Page } from '../../../kit/page.tsx'
import { View } from '../../../kit/states.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { useUnable } from '../../../lib/me.ts'
import { rightsQuery, rolesQuery } from '../people/queries.ts'
import { useAccessTexts } from '../texts.ts'
import type { RightInfo } from './right-info.ts'
import { RoleDialog } from './role-dialog.tsx'

/** Who may do what, as one table that a person can read: rights down, roles across. */
export function RolesPage(): ReactNode {
  const t = useAccessTexts()
  const [open, setOpen] = useState<RoleItem | 'new' | null>(null)
  const roles = useQuery(rolesQuery)
  const rights = useQuery(rightsQuery)
  const unable = useUnable('role.manage')
  return (
    <Page title={t('roles.title')}>
      <div className="acc-bar">
        <p className="d1">{t('roles.why')}</p>
        <span className="grow" />
        <Button icon={<Plus size={15} aria-hidden />} unable={unable} onClick={() => setOpen('new')}>
          {t('roles.new')}
        </Button>
      </div>
      <View query={roles} what={t('roles.title')} rows={20}>
        {({ items }) => (
          <View query={rights} what={t('roles.title')} rows={20}>
            {known => (
              <>
                <RoleTable roles={items.filter(role => !role.retired)} rights={known.items} onOpen={setOpen} />
                <RoleDialog role={open} rights={known.items} unable={unable} onClose={() => setOpen(null)} />
              </>
            )}
          </View>
        )}
      </View>
    </Page>
  )
}

interface RoleTableProps {
  readonly roles: readonly RoleItem[]
  readonly rights: readonly RightInfo[]
  readonly onOpen: (role: RoleItem) => void
}

function RoleTable({ roles, rights, onOpen }: RoleTableProps): ReactNode {
  const t = useAccessTexts()
  const language = useLanguage()
  const word = (label: { zh: string; en: string }): string => (language === 'en' ? label.en : label.zh)
  return (
    <div className="plain-table">
      <table className="t roles-t">
        <caption className="sr">{t('roles.title')}</caption>
        <thead>
          <tr>
            <th>{t('roles.right')}</th>
            {roles.map(role => (
              <th key={role.id} className="role c">
                {role.builtIn ? (
                  word(role.name)
                ) : (
                  <button type="button" className="l" onClick={() => onOpen(role)}>
                    {word(role.name)}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rights.map(right => (
            <tr key={right.id}>
              <th scope="row">
                {word(right.name)} <span className="d2 sm mono">{right.id}</span>
              </th>
              {roles.map(role => (
                <Cell key={role.id} of={role.cells[right.id]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ of }: { of: 'all' | 'team' | 'own' | undefined }): ReactNode {
  const t = useAccessTexts()
  if (of === undefined) return <td className="c d2">—</td>
  return <td className={`c ${of === 'all' ? 'm' : 'sm d1'}`}>{of === 'all' ? '✓' : t(`cell.${of}`)}</td>
}
