import { MoreHorizontal } from 'lucide-react'
import type { ReactNode } from 'react'
import { CURRENCIES } from '../../../../../src/contract/currency.ts'
import type { FactWords, ScalarType } from '../../../../../src/contract/facts.ts'
import type { Expr } from '../../../../../src/modules/rules/browser.ts'
import { constantText } from '../model/constant-text.ts'
import { fieldsFor, type Named, type Names } from '../model/ground.ts'
import { type Shown, SPAN_UNITS, shownOf, valueIn, valuesIn } from '../model/values.ts'
import { useRuleTexts } from '../texts.ts'
import { CodeValue, CodeValues } from './code-value.tsx'
import { FieldPicker, type Option } from './field-picker.tsx'
import { Box, Pick } from './pick.tsx'
import { useSaid } from './said.ts'

export interface ValueBoxProps {
  readonly value: Expr
  readonly type: ScalarType
  /** Of the field beside it, as a word: pieces, times. */
  readonly unit?: string | undefined
  readonly names: Names
  /** Only values in a list fit. */
  readonly list?: boolean
  readonly example?: string | undefined
  /** Of the field beside it, when it holds codes: one of them is chosen, by its name. */
  readonly words?: FactWords | undefined
  /** What an empty box becomes when a written value takes the place of a name. */
  readonly first: Expr
  readonly onValue: (value: Expr) => void
}

/** The value of a row: typed, or a constant, or another field. */
export function ValueBox(props: ValueBoxProps): ReactNode {
  const { value, type, names, onValue } = props
  const shown = shownOf(value, type)
  return (
    <span className="vb">
      {shown.is === 'named' ? <NamedValue {...props} text={shown.text} /> : <Written {...props} shown={shown} />}
      <Others names={names} type={type} list={props.list === true} first={props.first} onValue={onValue} />
    </span>
  )
}

function NamedValue({ names, text }: ValueBoxProps & { readonly text: string }): ReactNode {
  const said = useSaid()
  const constant = names.constants[text]
  const field = fieldsFor(names).find(({ of }) => `${of.name}.${of.field}` === text)
  const label = constant?.label ?? field?.field.label
  return (
    <b className="pick v" title={text}>
      {label ? said(label) : text}
      {constant && constant.type !== 'lookup' && <span className="d2">{constantText(constant)}</span>}
    </b>
  )
}

/** A code is chosen by its name, and not typed. */
function Written(props: TypedProps): ReactNode {
  const { words, shown, onValue } = props
  const take = (next: Shown): void => {
    const value = valueIn(next)
    if (value !== null) onValue(value)
  }
  if (words && shown.is === 'text')
    return <CodeValue words={words} value={shown.value} onCode={value => take({ is: 'text', value })} />
  if (words && shown.is === 'list')
    return (
      <CodeValues words={words} values={shown.values.map(String)} onCodes={values => take({ is: 'list', values })} />
    )
  return <Typed {...props} />
}

interface TypedProps extends ValueBoxProps {
  readonly shown: Shown
}

function Typed(props: TypedProps): ReactNode {
  const t = useRuleTexts()
  const { shown, type, unit, onValue, example } = props
  const take = (next: Shown): boolean => {
    const value = valueIn(next)
    if (value !== null) onValue(value)
    return value !== null
  }
  const label = t('row.value')
  switch (shown.is) {
    case 'span':
    case 'money':
    case 'time':
      return <Measured shown={shown} take={take} />
    case 'number':
      return (
        <>
          <Box
            numeric
            label={label}
            width={72}
            value={String(shown.value)}
            onText={text => text.trim() !== '' && take({ is: 'number', value: Number(text) })}
          />
          {unit && <span className="d2">{unit}</span>}
        </>
      )
    case 'truth':
      return <Truth value={shown.value} onTruth={value => take({ is: 'truth', value })} />
    case 'list':
      return (
        <Box
          label={t('row.values')}
          width={200}
          value={shown.values.join(', ')}
          placeholder={t('row.valuesHint')}
          onText={text => {
            const values = valuesIn(text, type)
            return values !== null && take({ is: 'list', values })
          }}
        />
      )
    case 'text':
      return (
        <Box
          label={label}
          width={120}
          value={shown.value}
          placeholder={example ?? ''}
          onText={text => take({ is: 'text', value: text })}
        />
      )
    default:
      return <Box mono label={label} width={180} value={shown.text} onText={text => take({ is: 'written', text })} />
  }
}

function Truth({ value, onTruth }: { value: boolean; onTruth: (value: boolean) => void }): ReactNode {
  const t = useRuleTexts()
  return (
    <Pick
      strong
      label={t('row.value')}
      value={value ? 'yes' : 'no'}
      options={[
        { value: 'yes', label: t('row.yes') },
        { value: 'no', label: t('row.no') },
      ]}
      onPick={chosen => onTruth(chosen === 'yes')}
    />
  )
}

function Measured({
  shown,
  take,
}: {
  readonly shown: Extract<Shown, { is: 'span' | 'money' | 'time' }>
  readonly take: (next: Shown) => boolean
}): ReactNode {
  const t = useRuleTexts()
  const label = t('row.value')
  if (shown.is === 'time')
    return (
      <input
        type="datetime-local"
        className="pick v"
        aria-label={label}
        value={localOf(shown.at)}
        onChange={event => take({ is: 'time', at: Date.parse(event.target.value) })}
      />
    )
  if (shown.is === 'span')
    return (
      <>
        <Box
          numeric
          label={label}
          width={56}
          value={String(shown.amount)}
          onText={text => text.trim() !== '' && take({ ...shown, amount: Number(text) })}
        />
        <Pick
          label={t('row.unit')}
          value={shown.unit}
          options={SPAN_UNITS.map(value => ({ value, label: t(`unit.${value}`) }))}
          onPick={unit => take({ ...shown, unit })}
        />
      </>
    )
  const currency = shown.currency ?? ''
  return (
    <>
      <Box numeric label={label} width={88} value={shown.amount} onText={amount => take({ ...shown, amount })} />
      <Pick
        label={t('row.currency')}
        value={currency}
        options={[
          ...currenciesWith(currency).map(value => ({ value, label: value })),
          { value: '', label: t('unit.minor') },
        ]}
        onPick={next => take({ ...shown, currency: next === '' ? null : next })}
      />
    </>
  )
}

const USUAL = ['CNY', 'USD', 'EUR', 'GBP', 'JPY', 'HKD', 'BRL']
const currenciesWith = (one: string): readonly string[] =>
  one === '' || USUAL.includes(one) || !CURRENCIES.has(one) ? USUAL : [...USUAL, one]

/** `2026-11-11T08:00` by the reader's clock. */
function localOf(at: number): string {
  const date = new Date(at)
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

interface OthersProps {
  readonly names: Names
  readonly type: ScalarType
  readonly list: boolean
  readonly first: Expr
  readonly onValue: (value: Expr) => void
}

/** What may stand instead of a written value. */
function Others({ names, type, list, first, onValue }: OthersProps): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const constants = Object.entries(names.constants).filter(([, c]) =>
    list ? c.type === 'list' && c.of === (type === 'num' ? 'num' : 'string') : c.type === type,
  )
  const fields: readonly Named[] = list
    ? []
    : fieldsFor(names).filter(({ field }) => field.type === type && !field.optional)
  if (constants.length === 0 && fields.length === 0) return null
  const named = (text: string): Expr | null => valueIn({ is: 'named', text })
  const options: Option<Expr | null>[] = [
    { key: 'first', value: first, label: t('row.written'), group: t('row.instead'), also: '', hint: '' },
    ...constants.map(([name, c]) => ({
      ...{ key: name, value: named(name), label: said(c.label), group: t('row.constants') },
      ...{ also: name, hint: name },
    })),
    ...fields.map(({ of, field, root }) => {
      const name = `${of.name}.${of.field}`
      return { key: name, value: named(name), label: said(field.label), group: said(root), also: name, hint: name }
    }),
  ]
  return (
    <FieldPicker
      button={{ kind: 'ghost', small: true, name: t('row.other'), icon: <MoreHorizontal size={13} aria-hidden /> }}
      label={t('row.other')}
      options={options}
      onPick={value => value !== null && onValue(value)}
    />
  )
}
