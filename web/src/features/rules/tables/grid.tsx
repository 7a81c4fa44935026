import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'
import { flushSync } from 'react-dom'
import type { TableText } from '../../../../../src/contract/api/tables.ts'
import { Button } from '../../../kit/button.tsx'
import type { Reply } from '../../../lib/api.ts'
import { useSaid } from '../sentence/said.ts'
import { useRuleTexts } from '../texts.ts'
import { useCellWords } from './cell-words.ts'
import {
  cellAt,
  isBlock,
  movedRow,
  widthOf,
  withBlock,
  withCell,
  withoutInput,
  withoutOutput,
  withoutRow,
  withRowAfter,
} from './model.ts'

export interface TableGridProps {
  readonly text: TableText
  readonly locked: string | null
  readonly check: Reply<'checkTable'> | null
  readonly onText: (text: TableText) => void
}

/** Cells as people type them. Arrows up and down and Enter go from row to row; a block of a spreadsheet is pasted anywhere. */
export function TableGrid(props: TableGridProps): ReactNode {
  const { text } = props
  const box = useRef<HTMLDivElement>(null)
  const go = (row: number, column: number): void =>
    box.current?.querySelector<HTMLInputElement>(`[data-cell="${row} ${column}"]`)?.focus()
  return (
    <div className="rules-t dt" ref={box}>
      <table className="t">
        <Head {...props} />
        <tbody>
          {text.rows.map((_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have nothing else to be told apart by
            <Row key={row} {...props} row={row} go={go} />
          ))}
          <Otherwise {...props} />
        </tbody>
      </table>
    </div>
  )
}

function Head({ text, locked, onText }: TableGridProps): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const name = (label: { zh: string; en: string }, below: string, remove: () => void): ReactNode => (
    <span className="row">
      <span title={below}>
        {said(label)} <span className="xs d2 mono">{below}</span>
      </span>
      {locked === null && (
        <Button
          small
          kind="ghost"
          name={t('tables.dropColumn', { name: said(label) })}
          icon={<X size={12} aria-hidden />}
          onClick={remove}
        />
      )}
    </span>
  )
  return (
    <thead>
      <tr>
        <th className="num">{t('tables.n')}</th>
        {text.inputs.map((input, i) => (
          <th key={input.id}>{name(input.label, input.expr, () => onText(withoutInput(text, i)))}</th>
        ))}
        {text.outputs.map((output, i) => (
          <th key={output.id} className="give">
            {name(output.label, t(`type.${output.type}`), () => onText(withoutOutput(text, i)))}
          </th>
        ))}
        <th>
          <span className="sr">{t('tables.verbs')}</span>
        </th>
      </tr>
    </thead>
  )
}

interface RowProps extends TableGridProps {
  readonly row: number
  readonly go: (row: number, column: number) => void
}

function Row(props: RowProps): ReactNode {
  const { text, row, check } = props
  const odd = check?.findings.some(f => f.rows.includes(row)) === true
  return (
    <tr className={odd ? 'odd' : ''}>
      <td className="num d2">{row + 1}</td>
      {Array.from({ length: widthOf(text) }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their places
        <td key={column} className={column >= text.inputs.length ? 'give' : ''}>
          <Cell {...props} column={column} />
        </td>
      ))}
      <td>
        <RowVerbs {...props} />
      </td>
    </tr>
  )
}

function Cell({ text, locked, check, onText, row, column, go }: RowProps & { readonly column: number }): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const below = useId()
  const label = (column < text.inputs.length ? text.inputs[column] : text.outputs[column - text.inputs.length])?.label
  const words = useCellWords()(text, column, text.rows[row] === undefined ? '' : cellAt(text.rows[row], column))
  const problem = check?.problems.find(p => p.row === row && p.column === column)
  const offers = text.outputs[column - text.inputs.length]?.oneOf
  const value = text.rows[row] === undefined ? '' : cellAt(text.rows[row], column)
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || event.nativeEvent.isComposing) return
    event.preventDefault()
    // At once, drawn or not: the next key belongs into the next cell.
    if (event.key === 'Enter' && row === text.rows.length - 1) flushSync(() => onText(withRowAfter(text, row)))
    go(row + step, column)
  }
  return (
    <>
      <input
        data-cell={`${row} ${column}`}
        aria-label={t('tables.cell', { row: row + 1, column: label ? said(label) : '' })}
        aria-describedby={words === null ? undefined : below}
        aria-invalid={problem ? true : undefined}
        title={problem ? said(problem.message) : value}
        value={value}
        placeholder={column < text.inputs.length ? t('tables.any') : (offers?.join(' ') ?? '')}
        readOnly={locked !== null}
        maxLength={2000}
        onChange={event => onText(withCell(text, { row, column }, event.target.value))}
        onKeyDown={onKeyDown}
        onPaste={event => {
          const pasted = event.clipboardData.getData('text/plain')
          if (locked !== null || !isBlock(pasted)) return
          event.preventDefault()
          onText(withBlock(text, { row, column }, pasted))
        }}
      />
      {words !== null && (
        <p id={below} className="xs d2 el">
          {words}
        </p>
      )}
    </>
  )
}

function RowVerbs({ text, locked, onText, row }: RowProps): ReactNode {
  const t = useRuleTexts()
  if (locked !== null) return null
  const icon = { size: 13, 'aria-hidden': true } as const
  const verbs = [
    { name: t('tables.addRow', { row: row + 1 }), icon: <Plus {...icon} />, next: () => withRowAfter(text, row) },
    { name: t('tables.upRow', { row: row + 1 }), icon: <ArrowUp {...icon} />, next: () => movedRow(text, row, -1) },
    { name: t('tables.downRow', { row: row + 1 }), icon: <ArrowDown {...icon} />, next: () => movedRow(text, row, 1) },
    { name: t('tables.dropRow', { row: row + 1 }), icon: <X {...icon} />, next: () => withoutRow(text, row) },
  ]
  return (
    <span className="row verbs">
      {verbs.map(verb => (
        <Button
          key={verb.name}
          small
          kind="ghost"
          name={verb.name}
          icon={verb.icon}
          onClick={() => onText(verb.next())}
        />
      ))}
    </span>
  )
}

/** What is decided when no row hits. */
function Otherwise({ text, locked, onText }: TableGridProps): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const { otherwise } = text
  if (otherwise === undefined) return null
  return (
    <tr>
      <td />
      <td colSpan={Math.max(1, text.inputs.length)} className="d2">
        {t('tables.otherwise')}
      </td>
      {text.outputs.map((output, i) => (
        <td key={output.id} className="give">
          <input
            aria-label={t('tables.otherwiseCell', { column: said(output.label) })}
            title={otherwise[i]}
            value={otherwise[i] ?? ''}
            readOnly={locked !== null}
            onChange={event =>
              onText({ ...text, otherwise: otherwise.map((cell, at) => (at === i ? event.target.value : cell)) })
            }
          />
        </td>
      ))}
      <td />
    </tr>
  )
}
