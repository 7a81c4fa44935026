import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { PersonItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { call } from '../../../lib/api.ts'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'
import type { SentLink } from './sent-link.ts'

export interface PersonVerbsProps {
  readonly person: PersonItem
  readonly unable: string | null
  readonly onChanged: (person: PersonItem) => void
  readonly onLink: (link: SentLink) => void
}

/** What can be done about somebody's way in. */
export function PersonVerbs({ person, unable, onChanged, onLink }: PersonVerbsProps): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const params = { id: person.id }
  const changed = (now: PersonItem): void => {
    void client.invalidateQueries({ queryKey: ['listPeople'] })
    onChanged(now)
  }
  const disable = useMutation({ mutationFn: () => call('disablePerson', { params }), onSuccess: changed })
  const enable = useMutation({ mutationFn: () => call('enablePerson', { params }), onSuccess: changed })
  const clear = useMutation({ mutationFn: () => call('clearTotp', { params }), onSuccess: changed })
  const link = useMutation({ mutationFn: () => call('renewLink', { params }), onSuccess: onLink })
  const end = useMutation({ mutationFn: () => call('endSessionsOf', { params }) })
  const error = disable.error ?? enable.error ?? clear.error ?? link.error ?? end.error
  const isDisabled = person.status === 'disabled'
  return (
    <div className="form wide" style={{ borderTop: '1px solid var(--line)' }}>
      <Problem error={error} />
      <div className="row wrap">
        <Button busy={link.isPending} unable={unable} onClick={() => link.mutate()}>
          {person.status === 'invited' ? t('people.again') : t('people.resetLink')}
        </Button>
        <Button busy={end.isPending} unable={unable} onClick={() => end.mutate()}>
          {t('people.endSessions')}
        </Button>
        {end.isSuccess && <output className="green">{t('people.ended', { ended: end.data.ended })}</output>}
        {person.twoFactor && (
          <Button busy={clear.isPending} unable={unable} onClick={() => clear.mutate()}>
            {t('people.clearTotp')}
          </Button>
        )}
        <span className="grow" />
        {isDisabled ? (
          <Button busy={enable.isPending} unable={unable} onClick={() => enable.mutate()}>
            {t('people.enable')}
          </Button>
        ) : (
          <Button kind="danger" busy={disable.isPending} unable={unable} onClick={() => disable.mutate()}>
            {t('people.disable')}
          </Button>
        )}
      </div>
    </div>
  )
}
