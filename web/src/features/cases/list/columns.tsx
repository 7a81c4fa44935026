import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import { AuthorGlyph } from '../../../kit/author.tsx'
import { Clock } from '../../../kit/clock.tsx'
import type { Column } from '../../../kit/grid-types.ts'
import { Money } from '../../../kit/money.tsx'
import { Severity } from '../../../kit/severity.tsx'
import { StateCircle } from '../../../kit/state-circle.tsx'
import { useLanguage, useNow } from '../../../kit/time.tsx'
import { valueWords } from '../evidence-words.ts'
import { useCaseTexts } from '../texts.ts'

type Cell = Column<CaseItem>

export function useCaseColumns(): readonly Cell[] {
  const t = useCaseTexts()
  return useMemo(
    (): Cell[] => [
      { id: 'severity', name: t('col.severity'), width: 44, fixed: true, cell: row => <Severity of={row.severity} /> },
      { id: 'what', name: t('col.what'), width: 'minmax(260px, 1fr)', fixed: true, cell: row => <What row={row} /> },
      { id: 'number', name: t('col.number'), width: 92, cell: Numbered },
      { id: 'order', name: t('col.order'), width: 170, cell: row => row.orderNo ?? '—' },
      { id: 'money', name: t('col.money'), width: 132, num: true, cell: row => <Money of={row.amount} digits={0} /> },
      { id: 'owner', name: t('col.owner'), width: 64, cell: row => <AuthorGlyph of={row.owner} /> },
      { id: 'state', name: t('col.state'), width: 52, cell: row => <StateCircle of={row.status} bare /> },
      { id: 'due', name: t('col.due'), width: 150, cell: Due },
    ],
    [t],
  )
}

const Numbered = (row: CaseItem): ReactNode => (
  <Link className="l" to="/cases/$id" params={{ id: row.id }} tabIndex={-1}>
    {row.number}
  </Link>
)

/** The type, then what speaks for it: one learns why without a click. */
function What({ row }: { row: CaseItem }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const now = useNow()
  const words = { yes: t('evidence.yes'), no: t('evidence.no'), unknown: t('evidence.unknown') }
  const why = row.evidence
    .filter(item => item.role === 'fact' && item.value !== null)
    .slice(0, 2)
    .map(item => `${language === 'en' ? item.label.en : item.label.zh} ${valueWords(item, words, now)}`)
    .join(' · ')
  return (
    <span className="el" title={why}>
      <span className="m">{language === 'en' ? row.name.en : row.name.zh}</span> <span className="d2">{why}</span>
    </span>
  )
}

const Due = (row: CaseItem): ReactNode => (
  <Clock
    openedAt={Date.parse(row.openedAt)}
    dueAt={row.dueAt === null ? null : Date.parse(row.dueAt)}
    waitingFor={row.waiting?.for.replace(/^\w+:/, '') ?? null}
    waitingUntil={row.waiting === null ? null : Date.parse(row.waiting.until)}
  />
)
