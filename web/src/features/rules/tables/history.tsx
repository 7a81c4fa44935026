import type { ReactNode } from 'react'
import type { TableText } from '../../../../../src/contract/api/tables.ts'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { Tag } from '../../../kit/tag.tsx'
import { Time } from '../../../kit/time.tsx'
import { authorOf } from '../../../lib/author.ts'
import { useRuleTexts } from '../texts.ts'
import type { Table } from './table.ts'

/** Versions with who, when and why; the cells of one can be taken as a draft again. */
export function History({ table, onText }: { table: Table; onText: (text: TableText) => void }): ReactNode {
  const t = useRuleTexts()
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
                {authorOf(version.author).name} · <Time of={version.at} />
              </span>
              <span dir="auto">{version.reason}</span>
              <span className="grow" />
              <Button small kind="ghost" onClick={() => onText(version.text)}>
                {t('tables.takeCells')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Pane>
  )
}
