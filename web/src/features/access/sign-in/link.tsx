import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Bars, Failed } from '../../../kit/states.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { ApiError, call, type Reply } from '../../../lib/api.ts'
import { asking } from '../../../lib/query.ts'
import { Field } from '../field.tsx'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'
import { Frame } from './frame.tsx'

type LinkInfo = Reply<'lookAtLink'>

const TITLES = { first_run: 'setup.title', invitation: 'join.title', reset: 'reset.title' } as const

let taken = { path: '', token: '' }

/** The token stands behind the hash, which never leaves the browser by itself; it is taken off the address at once. */
function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token') ?? ''
  if (given !== '') {
    taken = { path: location.pathname, token: given }
    history.replaceState(history.state, '', location.pathname)
  }
  // Asked again for the same page: what React began and threw away, because its texts were not there yet, took it already.
  return taken.path === location.pathname ? taken.token : ''
}

/** What a link leads to: the first administrator, an invitation, a new password. */
export function LinkPage(): ReactNode {
  const t = useAccessTexts()
  const [token] = useState(takeToken)
  const link = useQuery({
    queryKey: ['lookAtLink'],
    queryFn: () => call('lookAtLink', { body: { token } }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  // The server did not answer: the link may still be good.
  const away = link.error instanceof ApiError && (link.error.status === 0 || link.error.status >= 500)
  const title = link.data === undefined ? t('link.title') : t(TITLES[link.data.kind])
  return (
    <Frame title={title}>
      {link.isPending && <Bars rows={5} />}
      {away && <Failed what={t('link.what')} error={link.error} onRetry={() => void link.refetch()} />}
      {link.error !== null && !away && (
        <>
          <Problem error={link.error} />
          <Link className="l" to="/sign-in">
            {t('forgot.back')}
          </Link>
        </>
      )}
      {link.data !== undefined && <LinkForm token={token} link={link.data} />}
    </Frame>
  )
}

function LinkForm({ token, link }: { token: string; link: LinkInfo }): ReactNode {
  const t = useAccessTexts()
  const language = useLanguage()
  const options = useQuery(asking('getSignInOptions', {}))
  const [name, setName] = useState(link.name ?? '')
  const [mail, setMail] = useState(link.mail ?? '')
  const [password, setPassword] = useState('')
  const isFirst = link.kind === 'first_run'
  const isReset = link.kind === 'reset'
  const go = useMutation({
    mutationFn: async () => {
      if (isFirst) await call('setUp', { body: { token, name, mail, password, language } })
      else if (isReset) await call('resetPassword', { body: { token, password } })
      else await call('acceptInvitation', { body: { token, password, name, language } })
    },
    // The whole page anew: nothing of whoever was here before stays in it.
    onSuccess: () => location.replace(isReset ? '/sign-in?set=true' : '/'),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!go.isPending) go.mutate()
  }
  const least = options.data?.password.least ?? 12
  return (
    <form className="form" onSubmit={submit}>
      <p className="d1">{t(isFirst ? 'setup.why' : isReset ? 'reset.why' : 'join.why')}</p>
      {!isReset && (
        <Field
          {...{ label: t('name'), autoComplete: 'name', required: true, autoFocus: true, maxLength: 100 }}
          value={name}
          onText={setName}
        />
      )}
      <Field
        {...{ label: t('mail'), type: 'email', autoComplete: 'username', required: true, readOnly: !isFirst }}
        value={mail}
        onText={setMail}
      />
      <Field
        {...{ label: t('password.new'), type: 'password', autoComplete: 'new-password', required: true }}
        hint={t('password.rule', { least })}
        value={password}
        onText={setPassword}
      />
      <Problem error={go.error} />
      <Button kind="solid" type="submit" busy={go.isPending}>
        {t(isFirst ? 'setup.do' : isReset ? 'reset.do' : 'join.do')}
      </Button>
    </form>
  )
}
