import { Plus, X } from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'
import type { FactWords } from '../../../../../src/contract/facts.ts'
import { useRuleTexts } from '../texts.ts'
import { FieldPicker } from './field-picker.tsx'
import { Pick } from './pick.tsx'
import { useSaid } from './said.ts'

interface Words {
  readonly words: FactWords
}

interface CodeProps extends Words {
  readonly value: string
  readonly onCode: (code: string) => void
}

/** A code such as a status, chosen by its name. One that has no name stays as it is written. */
export function CodeValue({ words, value, onCode }: CodeProps): ReactNode {
  const t = useRuleTexts()
  const options = useOptions(words)
  const all = Object.hasOwn(words, value) ? options : [...options, { value, label: value }]
  return <Pick strong label={t('row.value')} value={value} options={all} onPick={onCode} />
}

interface CodesProps extends Words {
  readonly values: readonly string[]
  readonly onCodes: (codes: readonly string[]) => void
}

/** Several of them: those that are in the list, each to be taken out, and the rest to be added. */
export function CodeValues({ words, values, onCodes }: CodesProps): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const rest = useOptions(words).filter(option => !values.includes(option.value))
  return (
    <>
      {values.map(code => {
        const name = words[code] ? said(words[code]) : code
        return (
          <button
            key={code}
            type="button"
            className="pick v"
            aria-label={t('row.valueOut', { value: name })}
            onClick={event => {
              focusNext(event)
              onCodes(values.filter(other => other !== code))
            }}
          >
            {name} <X size={11} aria-hidden />
          </button>
        )
      })}
      <FieldPicker
        button={{
          ...{ small: true, kind: 'ghost', icon: <Plus size={13} aria-hidden />, children: t('row.valueIn') },
          // It stays when there is nothing to add: it has the keyboard after the last one was picked.
          unable: rest.length === 0 ? t('row.valuesAll') : null,
        }}
        label={t('row.valueIn')}
        options={rest.map(({ value, label }) => ({ key: value, value, label, group: '', also: value, hint: value }))}
        onPick={code => onCodes([...values, code])}
      />
    </>
  )
}

/** The button that is pressed goes away with its code: the keyboard goes on to the next, or to what adds codes. */
function focusNext({ currentTarget }: MouseEvent<HTMLButtonElement>): void {
  const next = currentTarget.nextElementSibling
  const button = next instanceof HTMLButtonElement ? next : next?.querySelector('button')
  button?.focus()
}

function useOptions(words: FactWords): { value: string; label: string }[] {
  const said = useSaid()
  return Object.entries(words).map(([value, label]) => ({ value, label: said(label) }))
}
