import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { firstValue, type Group, type Row, type RowOf } from '../../../../../src/modules/rules/browser.ts'
import { Button } from '../../../kit/button.tsx'
import { count } from '../../../lib/format.ts'
import { elementName, type Names } from '../model/ground.ts'
import { EMPTY, moved, withMore, withoutRow, withRow } from '../model/row-edits.ts'
import { useRuleTexts } from '../texts.ts'
import { AddRow } from './add-row.tsx'
import { Box, Pick } from './pick.tsx'
import { FieldSentence, OpenSentence } from './plain-row.tsx'
import { useSaid } from './said.ts'
import { ValueBox } from './value-box.tsx'

export interface RowsProps {
  readonly group: Group
  readonly names: Names
  /** For how many open orders each row holds by itself. */
  readonly counts?: readonly (number | null)[]
  readonly onGroup: (group: Group) => void
  readonly children?: ReactNode
}

/** The rows of a group, and how to add another. */
export function Rows({ group, names, counts, onGroup, children }: RowsProps): ReactNode {
  const t = useRuleTexts()
  const [fresh, setFresh] = useState<number | null>(null)
  const word = (i: number): string => {
    if (i === 0) return t('word.when')
    return group.match === 'all' ? t('word.and') : t('word.or')
  }
  return (
    <>
      {group.rows.length === 0 && <p className="d2 sm">{t('rows.none')}</p>}
      <ol className="snt">
        {group.rows.map((row, i) => (
          <Line
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are plain data, and have nothing else to be told apart by
            key={i}
            word={word(i)}
            fresh={fresh === i}
            count={counts?.[i] ?? null}
            verbs={<LineVerbs group={group} at={i} onGroup={onGroup} />}
          >
            <Sentence row={row} names={names} onRow={next => onGroup(withRow(group, i, next))} />
          </Line>
        ))}
      </ol>
      <div className="row snt-add">
        <AddRow
          names={names}
          onRow={row => {
            setFresh(group.rows.length)
            onGroup(withMore(group, row))
          }}
        />
        {children}
      </div>
    </>
  )
}

interface LineProps {
  readonly word: string
  readonly fresh: boolean
  readonly count: number | null
  readonly verbs: ReactNode
  readonly children: ReactNode
}

function Line({ word, fresh, count: n, verbs, children }: LineProps): ReactNode {
  const t = useRuleTexts()
  const line = useRef<HTMLLIElement>(null)
  // Who adds a row goes on typing in it.
  useEffect(() => {
    if (fresh) line.current?.querySelector<HTMLElement>('button, select, input')?.focus()
  }, [fresh])
  return (
    <li ref={line}>
      <span className="kw">{word}</span>
      <div className="words">{children}</div>
      <span className="live-n" title={n === null ? undefined : t('rows.count', { count: n })}>
        {n === null ? '' : count(n)}
      </span>
      {verbs}
    </li>
  )
}

function LineVerbs({ group, at, onGroup }: { group: Group; at: number; onGroup: (group: Group) => void }): ReactNode {
  const t = useRuleTexts()
  const icon = { size: 13, 'aria-hidden': true } as const
  return (
    <span className="line-verbs">
      {at > 0 && (
        <Button
          kind="ghost"
          small
          name={t('row.up')}
          icon={<ArrowUp {...icon} />}
          onClick={() => onGroup(moved(group, at, -1))}
        />
      )}
      {at < group.rows.length - 1 && (
        <Button
          kind="ghost"
          small
          name={t('row.down')}
          icon={<ArrowDown {...icon} />}
          onClick={() => onGroup(moved(group, at, 1))}
        />
      )}
      <Button
        kind="ghost"
        small
        name={t('row.remove')}
        icon={<X {...icon} />}
        onClick={() => onGroup(withoutRow(group, at))}
      />
    </span>
  )
}

interface SentenceProps<R extends Row> {
  readonly row: R
  readonly names: Names
  readonly onRow: (row: Row) => void
}

function Sentence({ row, names, onRow }: SentenceProps<Row>): ReactNode {
  switch (row.kind) {
    case 'group':
      return <GroupSentence row={row} names={names} onRow={onRow} />
    case 'list':
      return <ListSentence row={row} names={names} onRow={onRow} />
    case 'count':
      return <CountSentence row={row} names={names} onRow={onRow} />
    case 'open':
      return <OpenSentence row={row} names={names} onRow={onRow} />
    case 'text':
      return <TextSentence row={row} onRow={onRow} />
    default:
      return <FieldSentence row={row} names={names} onRow={onRow} />
  }
}

const KINDS = ['all', 'any', 'notAll', 'none'] as const
type Kind = (typeof KINDS)[number]
const kindOf = ({ match, not }: Group): Kind => (match === 'all' ? (not ? 'notAll' : 'all') : not ? 'none' : 'any')

/** All, any, not all or none of some rows. */
export function Match({ group, onGroup }: { group: Group; onGroup: (group: Group) => void }): ReactNode {
  const t = useRuleTexts()
  return (
    <Pick<Kind>
      strong
      label={t('group.match')}
      value={kindOf(group)}
      options={KINDS.map(value => ({ value, label: t(`group.${value}`) }))}
      onPick={kind =>
        onGroup({
          ...group,
          match: kind === 'all' || kind === 'notAll' ? 'all' : 'any',
          not: kind === 'notAll' || kind === 'none',
        })
      }
    />
  )
}

function GroupSentence({ row, names, onRow }: SentenceProps<Group>): ReactNode {
  const t = useRuleTexts()
  return (
    <div className="nest">
      <div className="row">
        <Match group={row} onGroup={onRow} /> <span>{t('group.of')}</span>
      </div>
      <Rows group={row} names={names} onGroup={onRow} />
    </div>
  )
}

const HOW = ['some', 'every', 'one', 'none'] as const

function ListSentence({ row, names, onRow }: SentenceProps<RowOf<'list'>>): ReactNode {
  const t = useRuleTexts()
  const inner: Names = { ...names, elements: [...names.elements, { as: row.as, list: row.list }] }
  return (
    <div className="nest">
      <div className="row wrap">
        <ListPick names={names} list={row.list} onPick={list => onRow({ ...row, list, group: EMPTY })} />
        <Pick
          label={t('list.how')}
          value={row.how}
          options={HOW.map(value => ({ value, label: t(`how.${value}`) }))}
          onPick={how => onRow({ ...row, how })}
        />
        <Match group={row.group} onGroup={group => onRow({ ...row, group })} /> <span>{t('group.of')}</span>
      </div>
      <Rows group={row.group} names={inner} onGroup={group => onRow({ ...row, group })} />
    </div>
  )
}

function ListPick({ names, list, onPick }: { names: Names; list: string; onPick: (list: string) => void }): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const lists = Object.entries(names.ground.schema).filter(([, root]) => root.type === 'list')
  const options = lists.map(([value, root]) => ({ value, label: said(root.label) }))
  const known = options.some(o => o.value === list) ? options : [...options, { value: list, label: list }]
  return <Pick strong label={t('list.which')} value={list} options={known} onPick={onPick} />
}

const OPS = ['>', '>=', '<', '<=', '==', '!='] as const

function CountSentence({ row, names, onRow }: SentenceProps<RowOf<'count'>>): ReactNode {
  const t = useRuleTexts()
  const { where } = row
  const as = where?.as ?? elementName(names, row.list)
  const inner: Names = { ...names, elements: [...names.elements, { as, list: row.list }] }
  return (
    <div className="nest">
      <div className="row wrap">
        <span>{t('count.of')}</span>
        <ListPick names={names} list={row.list} onPick={list => onRow({ ...row, list, where: null })} />
        <Pick
          label={t('row.saying')}
          value={row.op}
          options={OPS.map(value => ({ value, label: t(`op.${value}`) }))}
          onPick={op => onRow({ ...row, op })}
        />
        <ValueBox
          value={row.value}
          type="num"
          names={names}
          first={firstValue('num', 1)}
          onValue={value => onRow({ ...row, value })}
        />
        {where === null && (
          <Button small kind="ghost" onClick={() => onRow({ ...row, where: { as, group: EMPTY } })}>
            {t('count.where')}
          </Button>
        )}
      </div>
      {where && (
        <>
          <div className="row">
            <span className="d2">{t('count.only')}</span>
            <Match group={where.group} onGroup={group => onRow({ ...row, where: { ...where, group } })} />
          </div>
          <Rows group={where.group} names={inner} onGroup={group => onRow({ ...row, where: { ...where, group } })} />
        </>
      )}
    </div>
  )
}

/** What no row can say stays text, and can be changed as such. */
function TextSentence({ row, onRow }: { row: RowOf<'text'>; onRow: (row: Row) => void }): ReactNode {
  const t = useRuleTexts()
  return (
    <>
      <span className="d2">{t('row.text')}</span>
      <Box
        mono
        label={t('row.text')}
        width={320}
        value={row.text}
        onText={text => {
          onRow({ ...row, text })
          return text.trim() !== ''
        }}
      />
    </>
  )
}
