import '../rules.css'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { TableText } from '../../../../../src/contract/api/tables.ts'
import type { Label } from '../../../../../src/contract/facts.ts'
import { useNames } from '../../../kit/names.ts'
import { Page } from '../../../kit/page.tsx'
import { Pane } from '../../../kit/region.tsx'
import { View } from '../../../kit/states.tsx'
import { Tag } from '../../../kit/tag.tsx'
import type { Reply } from '../../../lib/api.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import { Crumb } from '../crumb.tsx'
import { OrderShown } from '../list/finding-list.tsx'
import { type Base, baseAfter, baseOf, differs, savedMeanwhile } from '../model/base.ts'
import { useSettled } from '../rule/settled.ts'
import { useSaid } from '../sentence/said.ts'
import { useRuleTexts } from '../texts.ts'
import { Discard, Guard } from '../unsaved.tsx'
import { TableBar } from './bar.tsx'
import { TableGrid } from './grid.tsx'
import { History } from './history.tsx'
import type { Table } from './table.ts'
import { Trial } from './trial.tsx'
import { TableVerbs } from './verbs.tsx'

const SOON = 1000

/** Safe: the route lets no other id in. */
const tableIdOf = (id: string): Table['id'] => id as Table['id']
const nameOf = ({ versions, starter }: Table): Label => (versions[0]?.text ?? starter).name

/** A decision table: its cells, what is odd about them, and what it would decide. */
export function TablePage(): ReactNode {
  const { id } = useParams({ from: '/rules/tables/$id' })
  const t = useRuleTexts()
  const said = useSaid()
  const query = useQuery({
    ...asking('getTable', { params: { id: tableIdOf(id) } }),
    // What was made live a moment ago is in force only when every node can know it.
    refetchInterval: ({ state: { data } }) => (data?.turns[0]?.n === data?.live?.n ? false : SOON),
  })
  return (
    <Page
      title={query.data === undefined ? t('tab.tables') : said(nameOf(query.data))}
      ownHeading={query.data !== undefined}
      crumbs={
        <>
          <Crumb />
          <Link className="l" to="/rules/tables">
            {t('tab.tables')}
          </Link>
          <ChevronRight size={13} aria-hidden />
        </>
      }
    >
      <View query={query} what={t('tab.tables')} rows={8}>
        {table => <Editor key={table.id} table={table} />}
      </View>
    </Page>
  )
}

const startOf = (base: Base<TableText>) => ({ base, text: base.text })

/** The cells as they are being written, and what they began with. */
function useCells(table: Table) {
  const stand = { versions: table.versions, asked: undefined, starter: table.starter }
  const [{ base, text }, write] = useState(() => startOf(baseOf(stand)))
  const edited = differs(text, base.text)
  const next = baseAfter(base, stand, edited)
  if (next !== base) write(startOf(next))
  return {
    ...{ base, text, edited, other: edited ? savedMeanwhile(base, table.versions) : null },
    setText: (cells: TableText): void => write(now => ({ ...now, text: cells })),
    startAnew: (): void => write(now => startOf(now.base)),
  }
}

function Editor({ table }: { table: Table }): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const nameOf = useNames()
  const newest = table.versions[0] ?? null
  const { base, text, edited, other, setText, startAnew } = useCells(table)
  const locked = useUnable('rule.edit')
  const settled = useSettled(text)
  const check = useQuery({
    ...asking('checkTable', { params: { id: table.id }, body: { text: settled } }),
    placeholderData: keepPreviousData,
  })
  const changed = newest === null || edited
  const stale = settled !== text || check.isPlaceholderData
  return (
    <div className="rul">
      <Guard changed={edited} version={null} />
      <header className="rule-h">
        <div className="row wrap">
          <h1 dir="auto">{said(text.name)}</h1>
          {newest && <Tag tone="accent">{t('versions.one', { version: newest.version })}</Tag>}
          <span className="d2 sm">
            {table.live?.version == null
              ? t(table.id === 'triage' ? 'tables.noneWhy' : 'tables.noneYet')
              : t('tables.decides', { version: table.live.version })}
          </span>
          {changed && <Tag tone="amber">{t('head.changed')}</Tag>}
          {edited && <Discard onDiscard={startAnew} />}
          <span className="grow" />
          <TableVerbs
            {...{ table, text, changed, locked }}
            seen={base.seen}
            onSaved={startAnew}
            ok={check.data?.ok === true && !stale}
          />
        </div>
        {other && (
          <p role="status" className="amber sm">
            {t('unsaved.meanwhile', { version: other.version, name: nameOf(other.author) })}
          </p>
        )}
      </header>
      <Pane title={t('tables.cells')} sub={t('tables.sub')}>
        <TableBar {...{ table, text, locked }} sheet={check.data?.sheet ?? null} onText={setText} />
        <TableGrid {...{ text, locked }} check={check.data ?? null} onText={setText} />
        <Odd check={check.data ?? null} stale={stale} />
      </Pane>
      <Trial id={table.id} text={settled} ok={check.data?.ok === true && !check.isPlaceholderData} />
      <History {...{ table, locked, edited }} onText={setText} />
    </div>
  )
}

/** What is wrong, and what is odd, in words; the cells are marked as well. */
function Odd({ check, stale }: { check: Reply<'checkTable'> | null; stale: boolean }): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  if (check === null) return null
  const rowWords = (rows: readonly number[]): string =>
    rows.length === 0 ? '' : t('tables.row', { rows: rows.map(row => row + 1).join(', ') })
  return (
    <div className={`pad ${stale ? 'stale' : ''}`} aria-live="polite">
      {check.ok && check.findings.length === 0 && <p className="green sm">{t('tables.fine')}</p>}
      <ul className="finds-s">
        {check.problems.map(problem => (
          <li key={`${problem.code} ${problem.row} ${problem.column}`} className="red sm">
            {problem.row === null ? '' : rowWords([problem.row])} {said(problem.message)}
          </li>
        ))}
        {check.findings.map(finding => (
          <li
            key={`${finding.code} ${finding.rows.join(' ')} ${finding.message.en}`}
            className={`sm ${finding.level === 'error' ? 'red' : 'amber'}`}
          >
            {rowWords(finding.rows)} {said(finding.message)}
            <OrderShown example={finding.example} />
          </li>
        ))}
      </ul>
    </div>
  )
}
