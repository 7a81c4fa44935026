import type { ReactNode } from 'react'
import type { ScalarField } from '../../../../../src/contract/facts.ts'
import {
  choiceOf,
  choicesFor,
  firstValue,
  type GuardedRow,
  type PlainRow,
  type RowOf,
} from '../../../../../src/modules/rules/browser.ts'
import { fieldAt, type Names } from '../model/ground.ts'
import { aboutField, carried, pathIn } from '../model/row-edits.ts'
import { firstMoney } from '../model/values.ts'
import { useRuleTexts } from '../texts.ts'
import { fieldOptions } from './field-options.ts'
import { FieldPicker } from './field-picker.tsx'
import { Pick } from './pick.tsx'
import { useSaid } from './said.ts'
import { ValueBox } from './value-box.tsx'

/** The currency that amounts are typed in until somebody says another. */
export const CURRENCY = 'CNY'

interface Part<R extends PlainRow> {
  readonly row: R
  readonly names: Names
  readonly onRow: (row: PlainRow) => void
}

type FieldRow = RowOf<'present'> | RowOf<'flag'> | GuardedRow

/** A row about one field: the field, what is said of it, and against what. */
export function FieldSentence({ row, names, onRow }: Part<FieldRow>): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const of = pathIn(row) ?? row.of
  const field = fieldAt(names, of)
  return (
    <>
      <FieldPicker
        button={{ small: true, children: field ? said(field.label) : `${of.name}.${of.field}` }}
        label={t('pick.field')}
        options={fieldOptions(names, said, t)}
        onPick={named => onRow(aboutField(row, named, CURRENCY))}
      />
      {field ? (
        <>
          <Saying row={row} field={field} onRow={onRow} />
          <Against row={row} field={field} names={names} onRow={onRow} />
        </>
      ) : (
        <span className="red sm">{t('row.unknown')}</span>
      )}
    </>
  )
}

interface OfField<R extends PlainRow> {
  readonly row: R
  readonly field: ScalarField
  readonly onRow: (row: PlainRow) => void
}

function Saying({ row, field, onRow }: OfField<FieldRow>): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const choices = choicesFor(field)
  const now = choiceOf(row) ?? ''
  const known = choices.map(choice => ({ value: choice.id, label: said(choice.label) }))
  // What no choice makes is kept and shown by its sign.
  const options = known.some(o => o.value === now)
    ? known
    : [...known, { value: now, label: t(`say.${row.kind}`, signOf(row)) }]
  return (
    <Pick
      label={t('row.saying')}
      value={now}
      options={options}
      onPick={id => {
        const choice = choices.find(c => c.id === id)
        if (choice) onRow(carried(row, choice, { of: row.of, field, currency: CURRENCY }))
      }}
    />
  )
}

const signOf = (row: FieldRow): { sign: string } => ({
  sign: 'op' in row ? row.op : row.kind === 'words' ? `${row.not ? '!' : ''}${row.test}` : '',
})

function Against({ row, field, names, onRow }: OfField<FieldRow> & { readonly names: Names }): ReactNode {
  const t = useRuleTexts()
  switch (row.kind) {
    case 'present':
    case 'flag':
      return null
    case 'reached':
      return <Offset row={row} names={names} onRow={onRow} />
    case 'age':
    case 'ahead':
      return (
        <>
          <ValueBox
            value={row.value}
            type="dur"
            names={names}
            first={firstValue('dur')}
            onValue={value => onRow({ ...row, value })}
          />
          <CalendarPick calendar={row.calendar} names={names} onPick={calendar => onRow({ ...row, calendar })} />
        </>
      )
    case 'oneOf':
      return (
        <ValueBox
          list
          value={row.values}
          type={field.type}
          names={names}
          words={field.values}
          first={{ kind: 'list', items: [], start: 0, end: 0 }}
          onValue={values => onRow({ ...row, values })}
        />
      )
    default: {
      const unit = field.type === 'num' && field.unit ? t('row.pieces', { unit: field.unit }) : undefined
      return (
        <ValueBox
          value={row.value}
          type={field.type}
          unit={unit}
          names={names}
          list={row.kind === 'words' && row.test === 'containsAny'}
          words={row.kind === 'words' ? undefined : field.values}
          example={String(field.example)}
          first={field.type === 'money' ? firstMoney(CURRENCY) : firstValue(field.type, field.example)}
          onValue={value => onRow({ ...row, value })}
        />
      )
    }
  }
}

function Offset({ row, names, onRow }: Part<RowOf<'reached'>>): ReactNode {
  const t = useRuleTexts()
  const { offset } = row
  const kind = offset === null ? 'none' : offset.sign
  return (
    <>
      <Pick
        label={t('row.offset')}
        value={kind}
        options={[
          { value: 'none', label: t('offset.none') },
          { value: '+', label: t('offset.after') },
          { value: '-', label: t('offset.before') },
        ]}
        onPick={sign =>
          onRow({ ...row, offset: sign === 'none' ? null : { sign, value: offset?.value ?? firstValue('dur') } })
        }
      />
      {offset && (
        <ValueBox
          value={offset.value}
          type="dur"
          names={names}
          first={firstValue('dur')}
          onValue={value => onRow({ ...row, offset: { ...offset, value } })}
        />
      )}
    </>
  )
}

interface CalendarPickProps {
  readonly calendar: string | null
  readonly names: Names
  readonly onPick: (calendar: string | null) => void
}

/** By the clock, or in the hours of a business calendar. */
function CalendarPick({ calendar, names, onPick }: CalendarPickProps): ReactNode {
  const t = useRuleTexts()
  return (
    <Pick
      label={t('row.time')}
      value={calendar ?? ''}
      options={[
        { value: '', label: t('row.clock') },
        ...Object.keys(names.ground.calendars).map(id => ({ value: id, label: t('row.calendar', { id }) })),
      ]}
      onPick={id => onPick(id === '' ? null : id)}
    />
  )
}

/** Whether it is business time, or a workday, now. */
export function OpenSentence({ row, names, onRow }: Part<RowOf<'open'>>): ReactNode {
  const t = useRuleTexts()
  return (
    <>
      <span>{t('open.now')}</span>
      <Pick
        label={t('row.saying')}
        value={row.is ? 'is' : 'not'}
        options={[
          { value: 'is', label: t('open.is') },
          { value: 'not', label: t('open.not') },
        ]}
        onPick={is => onRow({ ...row, is: is === 'is' })}
      />
      <Pick
        strong
        label={t('row.value')}
        value={row.test}
        options={[
          { value: 'isBusinessTime', label: t('open.hours') },
          { value: 'isWorkday', label: t('open.day') },
        ]}
        onPick={test => onRow({ ...row, test })}
      />
      <Pick
        label={t('row.time')}
        value={row.calendar}
        options={Object.keys(names.ground.calendars).map(id => ({ value: id, label: t('row.calendar', { id }) }))}
        onPick={calendar => onRow({ ...row, calendar })}
      />
    </>
  )
}
