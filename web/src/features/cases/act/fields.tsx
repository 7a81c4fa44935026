import { type ReactNode, useId, useState } from 'react'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import { useNameOf } from '../../../kit/names.ts'
import { useMe, useUnable } from '../../../lib/me.ts'
import { usePeople } from '../../../lib/people.ts'
import { worldNow } from '../../../lib/world-time.ts'
import { SEVERITIES } from '../model/filters.ts'
import { useCaseTexts } from '../texts.ts'
import { CAUSES, PARTIES } from '../words.ts'
import type { Asking, Draft } from './commands.ts'

export interface FieldsProps {
  readonly verb: Asking
  readonly draft: Draft
  readonly cases: readonly CaseItem[]
  readonly onChange: (change: Partial<Draft>) => void
}

/** What a verb needs to be told. */
export function Fields(props: FieldsProps): ReactNode {
  const { verb, draft, cases, onChange } = props
  return (
    <>
      {(verb === 'severity' || verb === 'escalate') && (
        <SeverityField of={draft.severity} onPick={severity => onChange({ severity })} />
      )}
      {verb === 'assign' && <OwnerField nobody owner={draft.owner} onPick={owner => onChange({ owner })} />}
      {verb === 'escalate' && <OwnerField owner={draft.owner} onPick={owner => onChange({ owner })} />}
      {verb === 'wait' && <PartyField party={draft.party} onPick={party => onChange({ party })} />}
      {(verb === 'wait' || verb === 'snooze') && (
        <UntilField until={draft.until} onChange={until => onChange({ until })} />
      )}
      {verb === 'close' && <CauseField value={draft.cause} onPick={cause => onChange({ cause })} />}
      <TextField verb={verb} text={draft.text} onText={text => onChange({ text })} />
      {verb === 'close' && cases.some(one => one.holds) && (
        <OverrideField text={draft.override} onText={override => onChange({ override })} />
      )}
    </>
  )
}

/** Closing what still holds takes a right of its own; without it one reads why. */
function OverrideField({ text, onText }: { text: string; onText: (text: string) => void }): ReactNode {
  const t = useCaseTexts()
  const unable = useUnable('case.override')
  return (
    <label>
      {t('close.override')}
      {unable !== null && <span className="d2 sm">{unable}</span>}
      <textarea
        rows={2}
        maxLength={500}
        disabled={unable !== null}
        value={text}
        onChange={event => onText(event.target.value)}
      />
    </label>
  )
}

/** Left empty where a word of reason is welcome and not needed. */
const OPTIONAL: ReadonlySet<Asking> = new Set(['assign', 'snooze', 'wait'])

function TextField({ verb, text, onText }: { verb: Asking; text: string; onText: (text: string) => void }): ReactNode {
  const t = useCaseTexts()
  const optional = OPTIONAL.has(verb)
  return (
    <label>
      {t(`${verb}.text`)}
      <textarea
        required={!optional}
        rows={optional ? 2 : 4}
        maxLength={verb === 'reopen' || verb === 'severity' || verb === 'escalate' ? 500 : 2000}
        value={text}
        onChange={event => onText(event.target.value)}
      />
    </label>
  )
}

/** As many as are read at a glance; typing narrows them. */
const SHOWN = 8

interface OwnerFieldProps {
  readonly owner: Draft['owner']
  /** It may be given to nobody, too. */
  readonly nobody?: true
  readonly onPick: (owner: string | null) => void
}

function OwnerField({ owner, nobody, onPick }: OwnerFieldProps): ReactNode {
  const t = useCaseTexts()
  const people = usePeople()
  const teamName = useNameOf('team')
  const me = useMe()
  const [find, setFind] = useState('')
  const words = find.trim().toLowerCase()
  const teams = [...new Set(people.flatMap(person => person.teams))].map(team => ({
    ...{ value: `team:${team}`, name: t('assign.team', { team: teamName(team) }), sub: '' },
  }))
  const others = people
    .filter(person => person.actor !== me?.actor && person.status === 'active')
    .map(person => ({ value: person.actor, name: person.name, sub: person.handle }))
  const self = me === undefined ? [] : [{ value: me.actor, name: t('assign.me', { name: me.name }), sub: '' }]
  const all: readonly { value: string | null; name: string; sub: string }[] = [
    ...[...self, ...others, ...teams],
    ...(nobody ? [{ value: null, name: t('assign.nobody'), sub: '' }] : []),
  ]
  // Who was picked stays in sight, whatever is looked for: that is who gets the case.
  const found = all.filter(one => one.value === owner || `${one.name} ${one.sub}`.toLowerCase().includes(words))
  const picked = found.filter(one => one.value === owner)
  const shown = [...new Set([...found.slice(0, SHOWN), ...picked])]
  const group = useId()
  return (
    <fieldset className="pick">
      <legend>{t('assign.to')}</legend>
      {all.length > SHOWN && (
        <input
          type="search"
          aria-label={t('assign.find')}
          placeholder={t('assign.find')}
          value={find}
          onChange={event => setFind(event.target.value)}
          // Enter looks for a name; it hands nothing over.
          onKeyDown={event => event.key === 'Enter' && event.preventDefault()}
        />
      )}
      {shown.map(one => (
        <label key={one.value ?? ''}>
          <input type="radio" name={group} required checked={owner === one.value} onChange={() => onPick(one.value)} />
          <span className="el">{one.name}</span>
          <span className="d2 el">{one.sub}</span>
        </label>
      ))}
      {found.length > shown.length && <p className="d2">{t('assign.more', { count: found.length - shown.length })}</p>}
    </fieldset>
  )
}

function PartyField({ party, onPick }: { party: string; onPick: (party: string) => void }): ReactNode {
  const t = useCaseTexts()
  return (
    <label>
      {t('wait.for')}
      <select required value={party} onChange={event => onPick(event.target.value)}>
        <option value="">{t('wait.pick')}</option>
        {PARTIES.map(one => (
          <option key={one} value={`party:${one}`}>
            {t(`party.${one}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

const HOUR = 3_600_000
/** At this hour people are back at work. */
const MORNING = 9

const pad = (n: number): string => String(n).padStart(2, '0')

/** As a `datetime-local` field has it. */
export function localOf(ms: number): string {
  const at = new Date(ms)
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
  return `${day}T${pad(at.getHours())}:${pad(at.getMinutes())}`
}

function morningIn(days: number, now: number): number {
  const at = new Date(now)
  at.setDate(at.getDate() + days)
  return at.setHours(MORNING, 0, 0, 0)
}

const PRESETS = {
  hour: (now: number) => now + HOUR,
  four: (now: number) => now + 4 * HOUR,
  tomorrow: (now: number) => morningIn(1, now),
  week: (now: number) => morningIn(7, now),
} as const

function UntilField({ until, onChange }: { until: string; onChange: (until: string) => void }): ReactNode {
  const t = useCaseTexts()
  const names = Object.keys(PRESETS) as (keyof typeof PRESETS)[] // the keys of a literal are its keys
  return (
    <fieldset className="pick">
      <legend>{t('until.label')}</legend>
      <div className="row wrap">
        {names.map(name => (
          <button
            key={name}
            type="button"
            className="btn sm"
            aria-pressed={until === localOf(PRESETS[name](worldNow()))}
            onClick={() => onChange(localOf(PRESETS[name](worldNow())))}
          >
            {t(`until.${name}`)}
          </button>
        ))}
      </div>
      <input
        type="datetime-local"
        required
        aria-label={t('until.label')}
        value={until}
        onChange={event => onChange(event.target.value)}
      />
    </fieldset>
  )
}

interface SeverityFieldProps {
  readonly of: Draft['severity']
  readonly onPick: (severity: Draft['severity']) => void
}

function SeverityField({ of, onPick }: SeverityFieldProps): ReactNode {
  const t = useCaseTexts()
  return (
    <label>
      {t('severity.to')}
      <select value={of} onChange={event => onPick(SEVERITIES.find(s => s === event.target.value) ?? of)}>
        {SEVERITIES.map(severity => (
          <option key={severity}>{severity}</option>
        ))}
      </select>
    </label>
  )
}

function CauseField({ value, onPick }: { value: string; onPick: (cause: string) => void }): ReactNode {
  const t = useCaseTexts()
  return (
    <label>
      {t('close.cause')}
      <select required value={value} onChange={event => onPick(event.target.value)}>
        <option value="">{t('close.pick')}</option>
        {CAUSES.map(cause => (
          <option key={cause} value={cause}>
            {t(`cause.${cause}`)}
          </option>
        ))}
      </select>
    </label>
  )
}
