import { useMutation } from '@tanstack/react-query'
import { ClipboardPaste, Copy, Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { TableText } from '../../../../../src/contract/api/tables.ts'
import type { Label } from '../../../../../src/contract/facts.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { call } from '../../../lib/api.ts'
import { toast } from '../../../lib/toasts.ts'
import { Field } from '../rule/field.tsx'
import { Refused } from '../rule/refused.tsx'
import { FieldPicker, type Option } from '../sentence/field-picker.tsx'
import { Pick } from '../sentence/pick.tsx'
import { useSaid } from '../sentence/said.ts'
import { useRuleTexts } from '../texts.ts'
import { withInput, withOutput, withRowAfter } from './model.ts'
import type { Table } from './table.ts'

export interface TableBarProps {
  readonly table: Table
  readonly text: TableText
  readonly locked: string | null
  readonly sheet: Label | null
  readonly onText: (text: TableText) => void
}

/** @throws Error over plain http, where browsers give none; their types know no such place */
function clipboard(): Clipboard {
  const given: Clipboard | undefined = navigator.clipboard
  if (given === undefined) throw new Error('no clipboard')
  return given
}

const POLICIES = ['first', 'unique', 'collect'] as const
const icon = { size: 13, 'aria-hidden': true } as const

/** Which row decides, more columns and rows, and the way from and to a spreadsheet. */
export function TableBar({ table, text, locked, sheet, onText }: TableBarProps): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const [pasting, setPasting] = useState(false)
  const copy = async (cells: string): Promise<void> => {
    try {
      await clipboard().writeText(cells)
      toast(t('tables.copied'))
    } catch {
      toast(t('tables.notCopied'), { tone: 'bad' })
    }
  }
  return (
    <div className="row wrap pad">
      <fieldset className="snt-box row wrap" disabled={locked !== null} aria-label={t('tables.policy')}>
        <Pick
          label={t('tables.policy')}
          value={text.policy}
          options={POLICIES.map(value => ({ value, label: t(`policy.${value}`) }))}
          onPick={policy => onText({ ...text, policy })}
        />
        <Columns table={table} text={text} onText={onText} />
        <Button
          small
          kind="ghost"
          icon={<Plus {...icon} />}
          onClick={() => onText(withRowAfter(text, text.rows.length - 1))}
        >
          {t('tables.newRow')}
        </Button>
      </fieldset>
      <span className="grow" />
      <Button
        small
        icon={<Copy {...icon} />}
        unable={sheet === null ? t('preview.waits') : null}
        onClick={() => sheet && void copy(said(sheet))}
      >
        {t('tables.copy')}
      </Button>
      <Button small icon={<ClipboardPaste {...icon} />} unable={locked} onClick={() => setPasting(true)}>
        {t('tables.paste')}
      </Button>
      {pasting && <Paste table={table} text={text} onText={onText} onClose={() => setPasting(false)} />}
    </div>
  )
}

function Columns({ table, text, onText }: Of<TableBarProps, 'table' | 'text' | 'onText'>): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const free = (name: string): string => {
    const taken = [...text.inputs, ...text.outputs].map(c => c.id)
    let id = name
    for (let n = 2; taken.includes(id); n++) id = `${name}${n}`
    return id
  }
  const fields: Option<() => TableText>[] = table.facts.flatMap(root =>
    root.fields.map(({ name, label, type, example }) => ({
      ...{ key: `${root.name}.${name}`, label: said(label), group: t('tables.tested', { root: said(root.label) }) },
      ...{ also: `${root.name}.${name} ${label.zh} ${label.en}`, hint: `${t(`type.${type}`)} ${String(example)}` },
      value: () => withInput(text, { id: free(name), label, expr: `${root.name}.${name}` }),
    })),
  )
  const results: Option<() => TableText>[] = table.outputs
    .filter(output => !text.outputs.some(o => o.id === output.id))
    .map(({ id, label, type, oneOf, about }) => ({
      ...{ key: id, label: said(label), group: t('tables.results'), also: id, hint: said(about) },
      value: () => withOutput(text, { id, label, type, ...(oneOf && { oneOf }) }),
    }))
  return (
    <FieldPicker
      button={{ small: true, kind: 'ghost', icon: <Plus {...icon} />, children: t('tables.newColumn') }}
      label={t('tables.newColumn')}
      options={[...fields, ...results]}
      onPick={make => onText(make())}
    />
  )
}
type Of<T, K extends keyof T> = { readonly [P in K]: T[P] }

interface PasteProps {
  readonly table: Table
  readonly text: TableText
  readonly onText: (text: TableText) => void
  readonly onClose: () => void
}

/** All rows anew from a spreadsheet; a first line with the names of the columns is left out. */
function Paste({ table, text, onText, onClose }: PasteProps): ReactNode {
  const t = useRuleTexts()
  const [sheet, setSheet] = useState('')
  const paste = useMutation({
    mutationFn: () => call('pasteTable', { params: { id: table.id }, body: { text, sheet } }),
    onSuccess: pasted => {
      onText(pasted.text)
      onClose()
    },
  })
  return (
    <Dialog open title={t('tables.paste')} onClose={onClose} width={640}>
      <div className="rule-d">
        <Field label={t('tables.sheet')} hint={t('tables.sheetHint')}>
          {(box, described) => (
            <textarea
              id={box}
              aria-describedby={described}
              rows={10}
              className="mono"
              value={sheet}
              onChange={event => setSheet(event.target.value)}
            />
          )}
        </Field>
        {paste.error !== null && <Refused error={paste.error} said={t('tables.notPasted')} />}
        <div className="row end">
          <Button onClick={onClose}>{t('verb.cancel')}</Button>
          <Button
            kind="solid"
            busy={paste.isPending}
            unable={sheet.trim() === '' ? t('tables.sheet') : null}
            onClick={() => paste.mutate()}
          >
            {t('tables.take')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
