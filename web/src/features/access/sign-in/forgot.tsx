import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { call } from '../../../lib/api.ts'
import { Field } from '../field.tsx'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'
import { Frame } from './frame.tsx'

/** Asks for a link to set a new password. What it says is the same whether there is such a person or not. */
export function ForgotPage(): ReactNode {
  const t = useAccessTexts()
  const [mail, setMail] = useState('')
  const ask = useMutation({ mutationFn: () => call('askReset', { body: { mail } }) })
  return (
    <Frame title={t('forgot.title')}>
      {ask.isSuccess ? (
        <p>{t('forgot.sent')}</p>
      ) : (
        <form
          className="form"
          onSubmit={event => {
            event.preventDefault()
            if (!ask.isPending) ask.mutate()
          }}
        >
          <Field
            {...{ label: t('mail'), type: 'email', autoComplete: 'username', required: true, autoFocus: true }}
            value={mail}
            onText={setMail}
          />
          <Problem error={ask.error} />
          <Button kind="solid" type="submit" busy={ask.isPending}>
            {t('forgot.do')}
          </Button>
        </form>
      )}
      <Link className="l" to="/sign-in">
        {t('forgot.back')}
      </Link>
    </Frame>
  )
}
