import type { Label, ScalarField } from '../../../../../src/contract/facts.ts'
import { fieldsFor, type Named, type Names } from '../model/ground.ts'
import { typedAmount } from '../model/money.ts'
import type { useRuleTexts } from '../texts.ts'
import type { Option } from './field-picker.tsx'

type Texts = ReturnType<typeof useRuleTexts>
type Said = (label: Label) => string

/** What a person would see in a box: instants and lengths are told by their unit instead. */
function exampleOf({ type, example }: ScalarField, currency: unknown): string {
  if (type === 'time' || type === 'dur' || type === 'bool') return ''
  return type === 'money' && typeof example === 'number' ? typedAmount(example, currency) : String(example)
}

/** Fields as a picker offers them: found by their names in both languages and by their technical one. */
export const fieldOptions = (names: Names, said: Said, t: Texts): Option<Named>[] =>
  fieldsFor(names).map(named => {
    const { of, field, root } = named
    const example = exampleOf(field, names.ground.schema.order?.of.currency?.example)
    const type = t(`type.${field.type}`)
    return {
      key: `${of.name}.${of.field}`,
      value: named,
      label: said(field.label),
      group: said(root),
      also: `${of.name}.${of.field} ${field.label.zh} ${field.label.en} ${field.unit ?? ''}`,
      hint: example === '' ? type : t('pick.hint', { type, example }),
    }
  })
