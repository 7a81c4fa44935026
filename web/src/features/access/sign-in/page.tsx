import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { View } from '../../../kit/states.tsx'
import { call, type Reply } from '../../../lib/api.ts'
import { asking } from '../../../lib/query.ts'
import { Field } from '../field.tsx'
import { Problem } from '../problem.tsx'
import { ownPath } from '../search.ts'
import { useAccessTexts } from '../texts.ts'
import { Frame } from './frame.tsx'

const route = getRouteApi('/sign-in')

type Options = Reply<'getSignInOptions'>

/** Mail address and password, then a code where the account asks for one; or another provider. */
export function SignInPage(): ReactNode {
  const t = useAccessTexts()
  const { next, problem, set } = route.useSearch()
  const options = useQuery(asking('getSignInOptions', {}))
  const [second, setSecond] = useState(false)
  // The whole page anew: nothing of whoever was here before stays in it.
  const enter = (): void => location.replace(ownPath(next) ?? '/')
  return (
    <Frame title={second ? t('second.title') : t('signIn.title')}>
      {set && <p className="green">{t('signIn.set')}</p>}
      {problem === 'sso' && (
        <p className="red" role="alert">
          {t('problem.sso')}
        </p>
      )}
      {second ? (
        <SecondFactor onIn={enter} onBack={() => setSecond(false)} />
      ) : (
        <View query={options} what={t('signIn.title')} rows={5}>
          {found => <Password options={found} onIn={enter} onSecond={() => setSecond(true)} />}
        </View>
      )}
    </Frame>
  )
}

interface PasswordProps {
  readonly options: Options
  readonly onIn: () => void
  readonly onSecond: () => void
}

function Password({ options, onIn, onSecond }: PasswordProps): ReactNode {
  const t = useAccessTexts()
  const [mail, setMail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useMutation({
    mutationFn: () => call('signIn', { body: { mail, password } }),
    onSuccess: ({ step }) => (step === 'signed_in' ? onIn() : onSecond()),
  })
  if (options.setUp) return <p className="d1">{t('signIn.setUp')}</p>
  return (
    <>
      <form
        className="form"
        onSubmit={event => {
          event.preventDefault()
          if (!enter.isPending) enter.mutate()
        }}
      >
        <Field
          {...{ label: t('mail'), type: 'email', autoComplete: 'username', required: true, autoFocus: true }}
          value={mail}
          onText={setMail}
        />
        <Field
          {...{ label: t('password'), type: 'password', autoComplete: 'current-password', required: true }}
          value={password}
          onText={setPassword}
        />
        <Problem error={enter.error} />
        <Button kind="solid" type="submit" busy={enter.isPending}>
          {t('signIn.do')}
        </Button>
      </form>
      {options.reset && (
        <Link className="l" to="/forgot">
          {t('signIn.forgot')}
        </Link>
      )}
      {options.sso.map(provider => (
        <a key={provider.id} className="btn sso" href={provider.href}>
          {t('signIn.sso', { name: provider.name })}
        </a>
      ))}
    </>
  )
}

function SecondFactor({ onIn, onBack }: { onIn: () => void; onBack: () => void }): ReactNode {
  const t = useAccessTexts()
  const [code, setCode] = useState('')
  const [kind, setKind] = useState<'totp' | 'recovery'>('totp')
  const enter = useMutation({ mutationFn: () => call('signInSecond', { body: { code, kind } }), onSuccess: onIn })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!enter.isPending) enter.mutate()
  }
  return (
    <form className="form" onSubmit={submit}>
      <Field
        key={kind}
        label={kind === 'totp' ? t('second.code') : t('second.recovery')}
        hint={kind === 'totp' ? t('second.hint') : t('second.recoveryHint')}
        {...{ autoComplete: 'one-time-code', required: true, autoFocus: true, maxLength: 40 }}
        inputMode={kind === 'totp' ? 'numeric' : 'text'}
        value={code}
        onText={setCode}
      />
      <Problem error={enter.error} />
      <Button kind="solid" type="submit" busy={enter.isPending}>
        {t('signIn.do')}
      </Button>
      <div className="row">
        <button type="button" className="l" onClick={onBack}>
          {t('back')}
        </button>
        <span className="grow" />
        <button
          type="button"
          className="l"
          onClick={() => {
            setCode('')
            setKind(kind === 'totp' ? 'recovery' : 'totp')
          }}
        >
          {kind === 'totp' ? t('second.useRecovery') : t('second.useCode')}
        </button>
      </div>
    </form>
  )
}
