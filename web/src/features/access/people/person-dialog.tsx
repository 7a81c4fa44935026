import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { PersonItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { call } from '../../../lib/api.ts'
import { Field } from '../field.tsx'
import { Once } from '../once.tsx'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'
import { type Assignment, Assignments } from './assignments.tsx'
import { PersonVerbs } from './person-verbs.tsx'
import type { SentLink } from './sent-link.ts'
import { wordsOf } from './words.ts'

export interface PersonDialogProps {
  readonly person: PersonItem | 'new' | null
  /** Why nothing can be changed here. */
  readonly unable: string | null
  readonly onClose: () => void
  readonly onOpen: (person: PersonItem) => void
}

/** Invites a person, or changes what one may do. */
export function PersonDialog({ person, unable, onClose, onOpen }: PersonDialogProps): ReactNode {
  const t = useAccessTexts()
  const [link, setLink] = useState<SentLink | null>(null)
  const title = person === 'new' || person === null ? t('people.invite') : person.name
  const close = (): void => {
    setLink(null)
    onClose()
  }
  return (
    <Dialog open={person !== null} title={title} onClose={close} width={600}>
      {link !== null && <TheLink link={link} />}
      {person !== null && (person === 'new' ? link === null : true) && (
        <PersonForm
          key={person === 'new' ? 'new' : `${person.id}${person.version}`}
          person={person === 'new' ? null : person}
          unable={unable}
          onSaved={saved => (saved === null ? undefined : onOpen(saved))}
          onLink={setLink}
        />
      )}
      {person !== null && person !== 'new' && (
        <PersonVerbs person={person} unable={unable} onChanged={onOpen} onLink={setLink} />
      )}
    </Dialog>
  )
}

/** The link of an invitation: mailed, or shown this once to be handed over. */
function TheLink({ link }: { link: SentLink }): ReactNode {
  const t = useAccessTexts()
  return (
    <Once why={t('link.once')} text={link.link}>
      {link.sent && <p className="green">{t('link.sent')}</p>}
    </Once>
  )
}

interface PersonFormProps {
  readonly person: PersonItem | null
  readonly unable: string | null
  readonly onSaved: (person: PersonItem | null) => void
  readonly onLink: (link: SentLink) => void
}

function PersonForm({ person, unable, onSaved, onLink }: PersonFormProps): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const [name, setName] = useState(person?.name ?? '')
  const [mail, setMail] = useState(person?.mail ?? '')
  const [teams, setTeams] = useState(person?.teams.join(', ') ?? '')
  const [roles, setRoles] = useState<readonly Assignment[]>(person?.roles ?? [])
  const save = useMutation({
    mutationFn: async () => {
      const given = { name, teams: wordsOf(teams), roles: [...roles] }
      if (person !== null) {
        const { id, version } = person
        return { person: await call('changePerson', { params: { id }, body: { version, ...given } }), link: null }
      }
      const made = await call('invitePerson', { body: { ...given, mail } })
      return { person: null, link: made.invitation }
    },
    onSuccess: saved => {
      void client.invalidateQueries({ queryKey: ['listPeople'] })
      if (saved.link !== null) onLink(saved.link)
      onSaved(saved.person)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!save.isPending) save.mutate()
  }
  return (
    <form className="form wide" onSubmit={submit}>
      <Field {...{ label: t('name'), required: true, maxLength: 100 }} value={name} onText={setName} />
      <Field
        {...{ label: t('mail'), type: 'email', required: person === null, readOnly: person !== null }}
        value={mail}
        onText={setMail}
      />
      <Field label={t('people.teams')} hint={t('people.teamsHint')} value={teams} onText={setTeams} />
      <Assignments of={roles} onChange={setRoles} />
      <Problem error={save.error} />
      <div className="row">
        <Button kind="solid" type="submit" busy={save.isPending} unable={unable}>
          {person === null ? t('people.doInvite') : t('save')}
        </Button>
        {save.isSuccess && person !== null && <output className="green">{t('saved')}</output>}
      </div>
    </form>
  )
}
