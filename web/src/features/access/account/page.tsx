import '../access.css'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { useNameOf, useNames } from '../../../kit/names.ts'
import { Page } from '../../../kit/page.tsx'
import { Pane } from '../../../kit/region.tsx'
import { View } from '../../../kit/states.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { type Me, meQuery } from '../../../lib/me.ts'
import { Field } from '../field.tsx'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'
import { PasswordPane } from './password.tsx'
import { SecondFactorPane } from './second-factor.tsx'
import { SessionsPane } from './sessions.tsx'

/** One's own account: who one is, how one signs in, where one is signed in, what one may do. */
export function AccountPage(): ReactNode {
  const t = useAccessTexts()
  const me = useQuery(meQuery)
  return (
    <Page title={t('account.title')}>
      <View query={me} what={t('account.title')} rows={12}>
        {person => (
          <div className="acc-page">
            <Profile me={person} />
            {person.kind === 'person' && <SignOut />}
            {person.kind === 'person' && person.hasPassword && <PasswordPane />}
            {person.kind === 'person' && person.hasPassword && <SecondFactorPane me={person} />}
            {person.kind === 'person' && <SessionsPane />}
            <RightsPane me={person} />
          </div>
        )}
      </View>
    </Page>
  )
}

function Profile({ me }: { me: Me }): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const [name, setName] = useState(me.name)
  const save = useMutation({
    mutationFn: () => call('changeMe', { body: { name } }),
    onSuccess: changed => client.setQueryData(meQuery.queryKey, changed),
  })
  return (
    <Pane title={t('profile.title')} sub={me.actor}>
      <form
        className="form in-pane"
        onSubmit={event => {
          event.preventDefault()
          if (!save.isPending) save.mutate()
        }}
      >
        <Field
          {...{ label: t('name'), autoComplete: 'name', required: true, maxLength: 100 }}
          value={name}
          onText={setName}
        />
        {me.mail !== null && <Field label={t('mail')} type="email" value={me.mail} readOnly onText={() => {}} />}
        <Problem error={save.error} />
        <div className="row">
          <Button type="submit" busy={save.isPending} unable={name === me.name ? t('unchanged') : null}>
            {t('save')}
          </Button>
          {save.isSuccess && name === me.name && <output className="green">{t('saved')}</output>}
        </div>
      </form>
    </Pane>
  )
}

function SignOut(): ReactNode {
  const t = useAccessTexts()
  const leave = useMutation({ mutationFn: () => call('signOut', {}), onSuccess: () => location.replace('/sign-in') })
  return (
    <div>
      <Button busy={leave.isPending} onClick={() => leave.mutate()}>
        {t('signOut')}
      </Button>
      <Problem error={leave.error} />
    </div>
  )
}

function RightsPane({ me }: { me: Me }): ReactNode {
  const t = useAccessTexts()
  const language = useLanguage()
  const word = (label: { zh: string; en: string }): string => (language === 'en' ? label.en : label.zh)
  return (
    <Pane title={t('rights.mine')} sub={me.roles.join(', ')}>
      <ul className="picks in-pane">
        {me.rights.map(held => (
          <li key={held.right}>
            {word(held.name)} {held.reach !== 'all' && <Reach of={held.reach} />}
          </li>
        ))}
      </ul>
    </Pane>
  )
}

type Scopes = Exclude<Me['rights'][number]['reach'], 'all'>

function Reach({ of }: { of: Scopes }): ReactNode {
  const [channelName, warehouseName, nameOf] = [useNameOf('channel'), useNameOf('warehouse'), useNames()]
  const wordsOf = ({ shops = [], warehouses = [], owners = [] }: Scopes[number]): string =>
    [...shops.map(channelName), ...warehouses.map(warehouseName), ...owners.map(nameOf)].join(', ')
  return <span className="d2 sm">{of.map(wordsOf).join('; ')}</span>
}
