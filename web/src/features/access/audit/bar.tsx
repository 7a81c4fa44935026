import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { Button } from '../../../kit/button.tsx'
import { useMay, useUnable } from '../../../lib/me.ts'
import { usePeople } from '../../../lib/people.ts'
import { asking } from '../../../lib/query.ts'
import { KINDS, useAuditWords, VERBS } from '../audit-words/words.ts'
import { Field } from '../field.tsx'
import type { AuditSearch } from '../search.ts'
import { SearchField } from '../search-field.tsx'
import { useAccessTexts } from '../texts.ts'
import { exportAddress } from './query.ts'

type Change = { [K in keyof AuditSearch]?: AuditSearch[K] | undefined }

interface BarProps {
  readonly search: AuditSearch
  /** Verbs that the text of the search means. */
  readonly like: readonly string[]
  readonly onChange: (change: Change) => void
}

const textOf = (text: string): string | undefined => (text === '' ? undefined : text)

/** What the list is narrowed by: a text, who, what, about what, how it ended, when. */
export function AuditBar({ search, like, onChange: set }: BarProps): ReactNode {
  const t = useAccessTexts()
  return (
    <div className="acc-bar">
      <SearchField label={t('audit.find')} given={search.q ?? ''} onFind={q => set({ q: textOf(q) })} />
      <WhoPick value={search.actor} onPick={actor => set({ actor })} />
      <VerbPick value={search.verb} onPick={verb => set({ verb })} />
      <KindPick value={search.kind} onPick={kind => set({ kind })} />
      <SearchField
        label={t('audit.about')}
        given={search.about ?? ''}
        onFind={about => set({ about: textOf(about) })}
      />
      <Pick
        label={t('audit.outcome')}
        value={search.outcome}
        groups={[{ options: (['done', 'refused', 'failed'] as const).map(id => [id, t(`outcome.${id}`)] as const) }]}
        onPick={outcome => set({ outcome })}
      />
      <Pick
        label={t('audit.source')}
        value={search.source}
        groups={[{ options: (['trail', 'ledger'] as const).map(id => [id, t(`source.${id}`)] as const) }]}
        onPick={source => set({ source })}
      />
      <Field
        label={t('audit.from')}
        type="date"
        value={search.from ?? ''}
        onText={from => set({ from: textOf(from) })}
      />
      <Field label={t('audit.to')} type="date" value={search.to ?? ''} onText={to => set({ to: textOf(to) })} />
      <span className="grow" />
      <Export search={search} like={like} />
    </div>
  )
}

function Export({ search, like }: Pick<BarProps, 'search' | 'like'>): ReactNode {
  const t = useAccessTexts()
  const unable = useUnable('audit.export')
  if (unable !== null) return <Button unable={unable}>{t('audit.export')}</Button>
  return (
    <a className="btn" href={exportAddress(search, like)} download>
      <Download size={15} aria-hidden />
      {t('audit.export')}
    </a>
  )
}

type PickOf<V extends string> = Pick<PickProps<V>, 'value' | 'onPick'>

function WhoPick({ value, onPick }: PickOf<string>): ReactNode {
  const t = useAccessTexts()
  const words = useAuditWords()
  const people = usePeople()
  const may = useMay('key.manage')
  const keys = useQuery({ ...asking('listKeys', { query: { limit: 200 } }), enabled: may, staleTime: 60_000 })
  const kinds = [
    ['user:*', t('audit.anyPerson')],
    ['key:*', t('audit.anyKey')],
    ['system*', words.actor('system', null)],
    ['guest:*', words.actor('guest', null)],
  ] as const
  const groups = [
    { options: kinds },
    { label: t('people.title'), options: people.map(({ actor, name }) => [actor, name] as const) },
    {
      label: t('keys.title'),
      options: (keys.data?.items ?? []).map(({ handle, name }) => [`key:${handle}`, name] as const),
    },
  ]
  return <Pick label={t('audit.actor')} value={value} groups={groups} onPick={onPick} />
}

function VerbPick({ value, onPick }: PickOf<string>): ReactNode {
  const t = useAccessTexts()
  const words = useAuditWords()
  const byNoun = Map.groupBy(VERBS, verb => verb.split('.')[0] ?? verb)
  const groups = [...byNoun].map(([noun, verbs]) => ({
    label: words.kind(noun),
    options: verbs.map(verb => [verb, words.verb(verb)] as const),
  }))
  return <Pick label={t('audit.verb')} value={value} groups={groups} onPick={onPick} />
}

function KindPick({ value, onPick }: PickOf<string>): ReactNode {
  const t = useAccessTexts()
  const words = useAuditWords()
  const options = KINDS.map(kind => [kind, words.kind(kind)] as const)
  return <Pick label={t('audit.kind')} value={value} groups={[{ options }]} onPick={onPick} />
}

interface Options<V extends string> {
  readonly label?: string
  readonly options: readonly (readonly [V, string])[]
}

interface PickProps<V extends string> {
  readonly label: string
  readonly value: V | undefined
  readonly groups: readonly Options<V>[]
  readonly onPick: (value: V | undefined) => void
}

function Pick<V extends string>({ label, value, groups, onPick }: PickProps<V>): ReactNode {
  const t = useAccessTexts()
  const id = useId()
  const all = groups.flatMap(group => group.options.map(([option]) => option))
  return (
    <div className="fld">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value ?? ''} onChange={e => onPick(all.find(option => option === e.target.value))}>
        <option value="">{t('any')}</option>
        {/* What an address asks for and no list knows is shown as it is, not as if nothing were chosen. */}
        {value !== undefined && !all.includes(value) && <option value={value}>{value}</option>}
        {groups.map(group => (
          <Group key={group.label ?? ''} of={group} />
        ))}
      </select>
    </div>
  )
}

function Group<V extends string>({ of: { label, options } }: { of: Options<V> }): ReactNode {
  const shown = options.map(([option, words]) => (
    <option key={option} value={option}>
      {words}
    </option>
  ))
  if (label === undefined || options.length === 0) return shown
  return <optgroup label={label}>{shown}</optgroup>
}
