import type { ReactNode } from 'react'
import type { AuditItem } from '../../../../../src/contract/api/index.ts'
import { Dialog } from '../../../kit/dialog.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { fullTime } from '../../../lib/format.ts'
import { useAccessTexts } from '../texts.ts'

/** All that one entry says, and what it changed. */
export function EntryDialog({ entry, onClose }: { entry: AuditItem | null; onClose: () => void }): ReactNode {
  const t = useAccessTexts()
  return (
    <Dialog open={entry !== null} title={entry?.verb ?? t('audit.title')} onClose={onClose} width={640}>
      {entry !== null && <Entry entry={entry} />}
    </Dialog>
  )
}

function Entry({ entry }: { entry: AuditItem }): ReactNode {
  const t = useAccessTexts()
  const language = useLanguage()
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t('audit.at'), fullTime(entry.at, language)],
    [t('audit.actor'), entry.actor],
    [t('audit.behalf'), entry.behalf],
    [t('audit.address'), entry.address],
    [t('sessions.agent'), entry.agent],
    [t('audit.subject'), entry.subject && `${entry.subject.kind} ${entry.subject.id}`],
    [t('audit.outcome'), `${t(`outcome.${entry.outcome}`)} ${entry.code ?? ''}`],
    [t('audit.request'), entry.request],
    [t('audit.position'), entry.position === null ? t('audit.unsealed') : String(entry.position)],
  ]
  return (
    <div className="form wide">
      <dl className="kv">
        {rows
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {entry.changes.length > 0 && <Changes of={entry.changes} />}
    </div>
  )
}

function Changes({ of }: { of: AuditItem['changes'] }): ReactNode {
  const t = useAccessTexts()
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
        {of.map(change => (
          <tr key={change.path}>
            <td className="mono">{change.path}</td>
            <td style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
              <del>{textOf(change.before)}</del>
            </td>
            <td style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
              <ins>{textOf(change.after)}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
