import { type ReactNode, useState } from 'react'
import type { TableText } from '../../../../../src/contract/api/tables.ts'
import { Button } from '../../../kit/button.tsx'
import { useNames } from '../../../kit/names.ts'
import { Pane } from '../../../kit/region.tsx'
import { Tag } from '../../../kit/tag.tsx'
import { Time } from '../../../kit/time.tsx'
import { useRuleTexts } from '../texts.ts'
import { AskUnsaved } from '../unsaved.tsx'
import type { Table } from './table.ts'

interface HistoryProps {
  readonly table: Table
  readonly locked: string | null
  /** Cells that nobody saved would be overwritten. */
  readonly edited: boolean
  readonly onText: (text: TableText) => void
}

/** Versions with who, when and why; the cells of one can be taken as a draft again. */
export function History({ table, locked, edited, onText }: HistoryProps): ReactNode {
  const t = useRuleTexts()
  const nameOf = useNames()
  const [wanted, want] = useState<TableText | null>(null)
  const take = (text: TableText): void => {
    want(null)
    onText(text)
  }
  if (table.versions.length === 0) return null
  return (
    <Pane title={t('versions.title')}>
      <ul className="rule-vs pad">
        {table.versions.map(version => (
          <li key={version.version}>
            <div className="row wrap">
              <b className="m">{t('versions.one', { version: version.version })}</b>
              {table.live?.version === version.version && <Tag tone="green">{t('stage.live')}</Tag>}
              <span className="d2 sm">
                {nameOf(version.author)} · <Time of={version.at} />
              </span>
              <span dir="auto">{version.reason}</span>
              <span className="grow" />
              <Button
                small
                kind="ghost"
                unable={locked}
                onClick={() => (edited ? want(version.text) : take(version.text))}
              >
                {t('tables.takeCells')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {wanted && (
        <AskUnsaved
          title={t('unsaved.title')}
          verb={t('tables.takeCells')}
          onStay={() => want(null)}
          onLose={() => take(wanted)}
        />
      )}
    </Pane>
  )
}
