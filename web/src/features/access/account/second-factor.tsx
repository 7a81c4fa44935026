import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { call } from '../../../lib/api.ts'
import { type Me, meQuery } from '../../../lib/me.ts'
import { Field } from '../field.tsx'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'
import { QrCode } from './qr-code.tsx'

interface SetUp {
  readonly uri: string
  readonly recoveryCodes: readonly string[]
}

/** An authenticator: off, being set up, or on. */
export function SecondFactorPane({ me }: { me: Me }): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const [setUp, setSetUp] = useState<SetUp | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const fresh = (): void => {
    setSetUp(null)
    void client.invalidateQueries({ queryKey: meQuery.queryKey })
  }
  return (
    <Pane title={t('totp.title')} sub={me.twoFactor ? <span className="green">{t('totp.on')}</span> : t('totp.off')}>
      <div className="form in-pane">
        {codes !== null && <RecoveryCodes codes={codes} />}
        {setUp !== null ? (
          <Confirm
            setUp={setUp}
            onDone={() => {
              setCodes(setUp.recoveryCodes)
              fresh()
            }}
          />
        ) : me.twoFactor ? (
          <On onCodes={setCodes} onStopped={fresh} />
        ) : (
          <Off onStarted={setSetUp} />
        )}
      </div>
    </Pane>
  )
}

interface WithPasswordProps {
  readonly label: string
  readonly busy: boolean
  readonly error: unknown
  readonly onGo: (password: string) => void
}

/** What changes how one signs in asks for the password again. */
function WithPassword({ label, busy, error, onGo }: WithPasswordProps): ReactNode {
  const t = useAccessTexts()
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!busy) onGo(password)
  }
  return (
    <form className="form" onSubmit={submit}>
      <Field
        {...{ label: t('password.present'), type: 'password', autoComplete: 'current-password', required: true }}
        value={password}
        onText={setPassword}
      />
      <Problem error={error} />
      <div>
        <Button type="submit" busy={busy}>
          {label}
        </Button>
      </div>
    </form>
  )
}

function Off({ onStarted }: { onStarted: (setUp: SetUp) => void }): ReactNode {
  const t = useAccessTexts()
  const start = useMutation({
    mutationFn: (password: string) => call('startTotp', { body: { password } }),
    onSuccess: onStarted,
  })
  return (
    <>
      <p className="d1">{t('totp.why')}</p>
      <WithPassword label={t('totp.start')} busy={start.isPending} error={start.error} onGo={start.mutate} />
    </>
  )
}

function Confirm({ setUp, onDone }: { setUp: SetUp; onDone: () => void }): ReactNode {
  const t = useAccessTexts()
  const [code, setCode] = useState('')
  const confirm = useMutation({ mutationFn: () => call('confirmTotp', { body: { code } }), onSuccess: onDone })
  const secret = new URL(setUp.uri).searchParams.get('secret') ?? ''
  return (
    <form
      className="form"
      onSubmit={event => {
        event.preventDefault()
        if (!confirm.isPending) confirm.mutate()
      }}
    >
      <p className="d1">{t('totp.scan')}</p>
      <QrCode text={setUp.uri} label={t('totp.qr')} />
      <div>
        <span className="d2 sm">{t('totp.secret')}</span>
        <code className="secret mono">{secret}</code>
      </div>
      <Field
        {...{ label: t('second.code'), autoComplete: 'one-time-code', inputMode: 'numeric', required: true }}
        maxLength={10}
        value={code}
        onText={setCode}
      />
      <Problem error={confirm.error} />
      <div>
        <Button kind="solid" type="submit" busy={confirm.isPending}>
          {t('totp.confirm')}
        </Button>
      </div>
    </form>
  )
}

function On({ onCodes, onStopped }: { onCodes: (codes: readonly string[]) => void; onStopped: () => void }): ReactNode {
  const t = useAccessTexts()
  const [doing, setDoing] = useState<'codes' | 'stop' | null>(null)
  const renew = useMutation({
    mutationFn: (password: string) => call('renewRecoveryCodes', { body: { password } }),
    onSuccess: ({ recoveryCodes }) => {
      onCodes(recoveryCodes)
      setDoing(null)
    },
  })
  const stop = useMutation({
    mutationFn: (password: string) => call('stopTotp', { body: { password } }),
    onSuccess: onStopped,
  })
  if (doing === 'codes')
    return <WithPassword label={t('totp.renew')} busy={renew.isPending} error={renew.error} onGo={renew.mutate} />
  if (doing === 'stop')
    return <WithPassword label={t('totp.stop')} busy={stop.isPending} error={stop.error} onGo={stop.mutate} />
  return (
    <div className="row">
      <Button onClick={() => setDoing('codes')}>{t('totp.renew')}</Button>
      <Button kind="danger" onClick={() => setDoing('stop')}>
        {t('totp.stop')}
      </Button>
    </div>
  )
}

function RecoveryCodes({ codes }: { codes: readonly string[] }): ReactNode {
  const t = useAccessTexts()
  return (
    <div className="form" role="status">
      <p>{t('totp.codes')}</p>
      <ul className="codes mono">
        {codes.map(code => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div>
        <Button onClick={() => void navigator.clipboard?.writeText(codes.join('\n'))}>{t('copy')}</Button>
      </div>
    </div>
  )
}
