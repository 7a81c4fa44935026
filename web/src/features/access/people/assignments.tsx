import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import type { PersonItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { Field } from '../field.tsx'
import { useAccessTexts } from '../texts.ts'
import { rolesQuery } from './queries.ts'
import { wordsOf } from './words.ts'

export type Assignment = PersonItem['roles'][number]

export interface AssignmentsProps {
  readonly of: readonly Assignment[]
  readonly onChange: (assignments: readonly Assignment[]) => void
}

/** Roles, each over all shops and warehouses or over some. */
export function Assignments({ of, onChange }: AssignmentsProps): ReactNode {
  const t = useAccessTexts()
  const change = (i: number, given: Partial<Assignment>): void =>
    onChange(of.map((one, n) => (n === i ? { ...one, ...given } : one)))
  return (
    <fieldset className="form" style={{ border: 0, margin: 0, padding: 0 }}>
      <legend className="m">{t('people.roles')}</legend>
      {of.map((one, i) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the same role may stand twice, over other shops
          key={i}
          className="row wrap"
          style={{ alignItems: 'end' }}
        >
          <RolePick value={one.role} onPick={role => change(i, { role })} />
          <Names label={t('people.shops')} of={one.shops} onNames={shops => change(i, { shops })} />
          <Names label={t('people.warehouses')} of={one.warehouses} onNames={warehouses => change(i, { warehouses })} />
          <Button
            kind="ghost"
            icon={<X size={14} aria-hidden />}
            name={t('people.removeRole')}
            onClick={() => onChange(of.filter((_, n) => n !== i))}
          />
        </div>
      ))}
      <div>
        <Button
          small
          icon={<Plus size={14} aria-hidden />}
          onClick={() => onChange([...of, { role: 'operations', shops: null, warehouses: null }])}
        >
          {t('people.addRole')}
        </Button>
      </div>
    </fieldset>
  )
}

function RolePick({ value, onPick }: { value: string; onPick: (role: string) => void }): ReactNode {
  const t = useAccessTexts()
  const language = useLanguage()
  const id = useId()
  const roles = useQuery(rolesQuery)
  return (
    <div className="fld">
      <label htmlFor={id}>{t('people.role')}</label>
      <select id={id} value={value} onChange={event => onPick(event.target.value)}>
        {(roles.data?.items ?? [])
          .filter(role => !role.retired || role.id === value)
          .map(role => (
            <option key={role.id} value={role.id}>
              {language === 'en' ? role.name.en : role.name.zh}
            </option>
          ))}
      </select>
    </div>
  )
}

interface NamesProps {
  readonly label: string
  readonly of: readonly string[] | null
  readonly onNames: (names: string[] | null) => void
}

/** Names with commas; none: all of them. */
function Names({ label, of, onNames }: NamesProps): ReactNode {
  const t = useAccessTexts()
  return (
    <div className="grow">
      <CommaField
        label={`${label} (${t('people.allIfNone')})`}
        of={of ?? []}
        onNames={names => onNames(names.length === 0 ? null : names)}
      />
    </div>
  )
}

interface CommaFieldProps {
  readonly label: string
  readonly of: readonly string[]
  readonly onNames: (names: string[]) => void
}

/** Keeps the text as it is typed: a comma that begins the next name must not vanish. */
function CommaField({ label, of, onNames }: CommaFieldProps): ReactNode {
  const [text, setText] = useState(of.join(', '))
  return (
    <Field
      label={label}
      value={text}
      onText={next => {
        setText(next)
        onNames(wordsOf(next))
      }}
    />
  )
}
