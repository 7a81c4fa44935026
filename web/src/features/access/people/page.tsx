import '../access.css'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { PersonItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { useNameOf } from '../../../kit/names.ts'
import { Page } from '../../../kit/page.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Table } from '../../../kit/table.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { useUnable } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import { SearchField } from '../search-field.tsx'
import { useAccessTexts } from '../texts.ts'
import { PersonDialog } from './person-dialog.tsx'
import { rolesQuery } from './queries.ts'

const route = getRouteApi('/people')

/** Who works here, and what each of them may do. */
export function PeoplePage(): ReactNode {
  const t = useAccessTexts()
  const { q } = route.useSearch()
  const navigate = route.useNavigate()
  const [open, setOpen] = useState<PersonItem | 'new' | null>(null)
  const unable = useUnable('user.manage')
  const people = useQuery(asking('listPeople', { query: { limit: 200, ...(q !== undefined && { q }) } }))
  return (
    <Page title={t('people.title')}>
      <div className="acc-bar">
        <SearchField
          label={t('people.find')}
          given={q ?? ''}
          onFind={text => void navigate({ search: text === '' ? {} : { q: text }, replace: true })}
        />
        <Link className="l" to="/roles">
          {t('roles.title')}
        </Link>
        <span className="grow" />
        <Button kind="solid" icon={<UserPlus size={15} aria-hidden />} unable={unable} onClick={() => setOpen('new')}>
          {t('people.invite')}
        </Button>
      </div>
      <View
        query={people}
        what={t('people.title')}
        rows={10}
        isEmpty={page => page.items.length === 0}
        empty={<Empty title={t('people.none')} why={t('people.noneWhy')} />}
      >
        {page => <People items={page.items} onOpen={setOpen} />}
      </View>
      <PersonDialog person={open} unable={unable} onClose={() => setOpen(null)} onOpen={setOpen} />
    </Page>
  )
}

function People({ items, onOpen }: { items: readonly PersonItem[]; onOpen: (person: PersonItem) => void }): ReactNode {
  const t = useAccessTexts()
  const tone = { disabled: 'd2', invited: 'amber', active: '' } as const
  return (
    <Table
      items={items}
      keyOf={person => person.id}
      columns={[
        {
          head: t('name'),
          cell: person => (
            <button type="button" className="l m el" onClick={() => onOpen(person)}>
              {person.name}
            </button>
          ),
          cut: { at: 220, text: person => person.name },
        },
        { head: t('people.handle'), cell: person => person.handle, className: 'mono' },
        { head: t('mail'), cell: person => person.mail ?? '—' },
        { head: t('people.roles'), cell: person => <RoleNames of={person.roles} /> },
        { head: t('people.teams'), cell: person => person.teams.join(', ') },
        {
          head: t('people.twoFactor'),
          cell: person => (person.twoFactor ? <span className="green">{t('yes')}</span> : t('no')),
        },
        {
          head: t('people.status'),
          cell: person => t(`status.${person.status}`),
          className: person => tone[person.status],
        },
      ]}
    />
  )
}

function RoleNames({ of }: { of: PersonItem['roles'] }): ReactNode {
  const language = useLanguage()
  const roles = useQuery(rolesQuery)
  const [channelName, warehouseName] = [useNameOf('channel'), useNameOf('warehouse')]
  return of
    .map(({ role, shops, warehouses }) => {
      const known = roles.data?.items.find(one => one.id === role)
      const name = known === undefined ? role : language === 'en' ? known.name.en : known.name.zh
      const over = [...(shops ?? []).map(channelName), ...(warehouses ?? []).map(warehouseName)].join(', ')
      return over === '' ? name : `${name} (${over})`
    })
    .join('; ')
}
