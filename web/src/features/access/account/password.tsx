import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { call } from '../../../lib/api.ts'
import { Field } from '../field.tsx'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'

/** Changes the password; the other sessions end. */
export function PasswordPane(): ReactNode {
  const t = useAccessTexts()
  const [present, setPresent] = useState('')
  const [next, setNext] = useState('')
  const change = useMutation({
    mutationFn: () => call('changePassword', { body: { present, next } }),
    onSuccess: () => {
      setPresent('')
      setNext('')
    },
  })
  return (
    <Pane title={t('password')} sub={t('password.sub')}>
      <form
        className="form in-pane"
        onSubmit={event => {
          event.preventDefault()
          if (!change.isPending) change.mutate()
        }}
      >
        <Field
          {...{ label: t('password.present'), type: 'password', autoComplete: 'current-password', required: true }}
          value={present}
          onText={setPresent}
        />
        <Field
          {...{ label: t('password.new'), type: 'password', autoComplete: 'new-password', required: true }}
          hint={t('password.rule', { least: 12 })}
          value={next}
          onText={setNext}
        />
        <Problem error={change.error} />
        <div className="row">
          <Button type="submit" busy={change.isPending}>
            {t('password.change')}
          </Button>
          {change.isSuccess && <output className="green">{t('password.changed', { ended: change.data.ended })}</output>}
        </div>
      </form>
    </Pane>
  )
}
