import type { FactSchema, ListField, RecordField, ScalarField } from '../../../../../src/contract/facts.ts'
import {
  type Calendars,
  type Constants,
  calendarsOf,
  type Path,
  type Vocabulary,
} from '../../../../../src/modules/rules/browser.ts'
import type { Reply } from '../../../lib/api.ts'

/** What rules stand on: the facts that are declared, and calendars. */
export interface Ground {
  readonly schema: FactSchema
  readonly calendars: Calendars
}

/** The declared facts as the rules' own checker takes them. */
export function groundOf({ roots, calendars }: Reply<'getRuleFacts'>): Ground {
  const schema = Object.fromEntries(
    roots.map(({ name, kind, label, max, fields }): [string, RecordField | ListField] => {
      const of = Object.fromEntries(
        fields.map(
          ({ name: field, type, optional, unit, label: told, from, example, values }): [string, ScalarField] => {
            const rest = { type, label: told, from, example }
            return [
              field,
              { ...rest, ...(optional && { optional }), ...(unit !== null && { unit }), ...(values && { values }) },
            ]
          },
        ),
      )
      return [name, kind === 'list' ? { type: 'list', label, max: max ?? 0, of } : { type: 'record', label, of }]
    }),
  )
  return { schema, calendars: calendarsOf(calendars) }
}

export const vocabularyOf = (ground: Ground, constants: Constants): Vocabulary => ({
  constants,
  calendars: ground.calendars,
})

/** What may be named at a place of the condition: the facts of the order, and of the list elements around. */
export interface Names {
  readonly ground: Ground
  readonly constants: Constants
  /** Names of list elements and their lists, from the outside in. */
  readonly elements: readonly { readonly as: string; readonly list: string }[]
}

/** The field that a path means; null for what is not declared. */
export function fieldAt({ ground, elements }: Names, { name, field }: Path): ScalarField | null {
  const root = elements.find(e => e.as === name)?.list ?? name
  return ground.schema[root]?.of[field] ?? null
}

export interface Named {
  readonly of: Path
  readonly field: ScalarField
  /** Of which order, line or parcel it is. */
  readonly root: ScalarField['label']
}

/** Every field that may stand at the place, the nearest elements first. */
export function fieldsFor({ ground, elements }: Names): Named[] {
  const { schema } = ground
  const records = Object.entries(schema).filter(([, root]) => root.type === 'record')
  const around = elements.flatMap(({ as, list }) => (schema[list] ? [[as, schema[list]] as const] : [])).reverse()
  return [...around, ...records].flatMap(([name, root]) =>
    Object.entries(root.of).map(([field, declared]) => ({ of: { name, field }, field: declared, root: root.label })),
  )
}

/** A name for the elements of a list that nothing around has. */
export function elementName({ elements, constants, ground }: Names, list: string): string {
  const taken = new Set([...elements.map(e => e.as), ...Object.keys(constants), ...Object.keys(ground.schema), 'now'])
  const letter = list.slice(0, 1)
  for (let n = 1; ; n++) {
    const name = n === 1 ? letter : `${letter}${n}`
    if (!taken.has(name)) return name
  }
}
