import { Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Row } from '../../../../../src/modules/rules/browser.ts'
import { Button } from '../../../kit/button.tsx'
import type { Names } from '../model/ground.ts'
import { countRow, firstRow, listRow } from '../model/row-edits.ts'
import { useRuleTexts } from '../texts.ts'
import { fieldOptions } from './field-options.ts'
import { FieldPicker, type Option } from './field-picker.tsx'
import { CURRENCY } from './plain-row.tsx'
import { useSaid } from './said.ts'

const icon = <Plus size={13} aria-hidden />

/** A new condition about any field, or about the lists of an order; a group; or a text for what rows cannot say. */
export function AddRow({ names, onRow }: { names: Names; onRow: (row: Row) => void }): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const fields = fieldOptions(names, said, t).map(option => ({
    ...option,
    value: firstRow(option.value, CURRENCY),
  }))
  return (
    <>
      <FieldPicker
        button={{ kind: 'ghost', small: true, icon, children: t('rows.add') }}
        label={t('rows.add')}
        options={[...fields, ...useListOptions(names), ...useOtherOptions(names)]}
        onPick={onRow}
      />
      <Button
        kind="ghost"
        small
        icon={icon}
        onClick={() => onRow({ kind: 'group', match: 'any', not: false, rows: [] })}
      >
        {t('rows.addGroup')}
      </Button>
    </>
  )
}

function useListOptions(names: Names): Option<Row>[] {
  const t = useRuleTexts()
  const said = useSaid()
  const lists = Object.entries(names.ground.schema).filter(([, root]) => root.type === 'list')
  return lists.flatMap(([list, { label }]): Option<Row>[] => {
    const also = `${list} ${label.zh} ${label.en}`
    const common = { group: t('pick.lists'), also, hint: list }
    return [
      {
        ...common,
        key: `${list} where`,
        value: listRow(names, list),
        label: t('pick.listWhere', { list: said(label) }),
      },
      { ...common, key: `${list} count`, value: countRow(list), label: t('pick.listCount', { list: said(label) }) },
    ]
  })
}

function useOtherOptions({ ground }: Names): Option<Row>[] {
  const t = useRuleTexts()
  const group = t('pick.others')
  const [calendar] = Object.keys(ground.calendars)
  const text: Option<Row> = {
    ...{ key: 'text', group, also: 'text cel', hint: '', label: t('pick.text') },
    value: { kind: 'text', text: 'true' },
  }
  if (calendar === undefined) return [text]
  const row: Row = { kind: 'open', test: 'isBusinessTime', calendar, is: true }
  return [{ key: 'open', group, also: 'isBusinessTime isWorkday', hint: '', label: t('pick.open'), value: row }, text]
}
