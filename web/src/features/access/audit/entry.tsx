import type { ReactNode } from 'react'
import type { AuditItem } from '../../../../../src/contract/api/index.ts'
import { Dialog } from '../../../kit/dialog.tsx'
import { Go } from '../../../kit/go.tsx'
import { useNameOf } from '../../../kit/names.ts'
import { useLanguage } from '../../../kit/time.tsx'
import { count, fullTime } from '../../../lib/format.ts'
import { useAuditWords } from '../audit-words/words.ts'
import { useAccessTexts } from '../texts.ts'
import { actorAt, subjectAt } from './addresses.ts'
import { Value } from './value.tsx'

/** All that one entry says, and what it changed. */
export function EntryDialog({ entry, onClose }: { entry: AuditItem | null; onClose: () => void }): ReactNode {
  const t = useAccessTexts()
  const words = useAuditWords()
  const title = entry === null ? t('audit.title') : words.verb(entry.verb)
  return (
    <Dialog open={entry !== null} title={title} onClose={onClose} width={680}>
      {entry !== null && <Entry entry={entry} />}
    </Dialog>
  )
}

function Entry({ entry }: { entry: AuditItem }): ReactNode {
  const t = useAccessTexts()
  const language = useLanguage()
  const { actor, actorName, behalf, behalfName, subject, code, times } = entry
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t('audit.at'), fullTime(entry.at, language)],
    [t('audit.actor'), <Who key="who" actor={actor} name={actorName} />],
    [t('audit.behalf'), behalf && <Who actor={behalf} name={behalfName} />],
    [t('audit.address'), entry.address],
    [t('sessions.agent'), entry.agent],
    [
      t('audit.verb'),
      <code key="verb" className="mono sm">
        {entry.verb}
      </code>,
    ],
    [t('audit.subject'), subject && <Subject of={subject} />],
    [t('audit.outcome'), <Outcome key="outcome" outcome={entry.outcome} code={code} />],
    [t('audit.times'), times > 1 ? count(times) : null],
    [t('audit.source'), t(`source.${entry.source}`)],
    [t('audit.request'), entry.request && <code className="mono sm">{entry.request}</code>],
    [t('audit.position'), entry.source === 'ledger' ? t('audit.inLedger') : (entry.position ?? t('audit.unsealed'))],
  ]
  return (
    <div className="form wide">
      <dl className="kv">
        {rows
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd style={{ overflowWrap: 'anywhere' }}>{value}</dd>
            </div>
          ))}
      </dl>
      {entry.changes.length > 0 ? <Changes of={entry.changes} /> : <p className="d2 sm">{t('audit.noChange')}</p>}
    </div>
  )
}

function Outcome({ outcome, code }: Pick<AuditItem, 'outcome' | 'code'>): ReactNode {
  const t = useAccessTexts()
  return (
    <span className={outcome === 'done' ? undefined : 'red'}>
      {t(`outcome.${outcome}`)} {code !== null && <code className="mono sm">{code}</code>}
    </span>
  )
}

/** Somebody by name, with the id beside it and a way there. */
export function Who({ actor, name: told }: { actor: string; name: string | null }): ReactNode {
  const words = useAuditWords()
  const personName = useNameOf('person')
  const handle = actor.replace(/^user:/, '')
  // Who has no account here may have a name all the same.
  const known = personName(handle)
  const name = told ?? (handle === actor || known === handle ? null : known)
  const to = actorAt(actor)
  const said = words.actor(actor, name)
  return (
    <>
      {to === null ? (
        said
      ) : (
        <Go className="l" to={to}>
          {said}
        </Go>
      )}
      {name !== null && <span className="d2 mono sm"> {actor}</span>}
    </>
  )
}

function Subject({ of }: { of: NonNullable<AuditItem['subject']> }): ReactNode {
  const words = useAuditWords()
  const to = subjectAt(of)
  return (
    <>
      {to === null ? (
        words.subject(of)
      ) : (
        <Go className="l" to={to}>
          {words.subject(of)}
        </Go>
      )}
      {of.name !== null && <span className="d2 mono sm"> {of.id}</span>}
    </>
  )
}

function Changes({ of }: { of: AuditItem['changes'] }): ReactNode {
  const t = useAccessTexts()
  const words = useAuditWords()
  const cell = { whiteSpace: 'normal', overflowWrap: 'anywhere' } as const
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('audit.field')}</th>
          <th>{t('audit.before')}</th>
          <th>{t('audit.after')}</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ path, before, after }) => (
          <tr key={path}>
            <td style={cell} title={path}>
              {words.field(path)}
            </td>
            <td style={cell} className="d2">
              <Value path={path} value={before} />
            </td>
            <td style={cell}>
              <Value path={path} value={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
