import { z } from 'zod'

/** What a field says about itself beyond its shape: whether it is personal, and what the reference page calls it. */
export interface FieldMark {
  readonly personal?: true
  /** Type and unit in words, e.g. `amount, minor units of currency`. */
  readonly says?: string
}

const marks = z.registry<FieldMark>()

/** Adds to what a field says about itself; the schema is returned as it is. */
export function mark<S extends z.ZodType>(schema: S, more: FieldMark): S {
  marks.add(schema, { ...marks.get(schema), ...more })
  return schema
}

/** Marks a field whose value tells who somebody is: it is sealed before it is stored, and masked where it is shown. */
export const personal = <S extends z.ZodType>(schema: S): S => mark(schema, { personal: true })

export interface FieldPath {
  /** Below `data`, with dots; `[]` stands for any element of a list. */
  readonly path: string
  readonly optional: boolean
  /** The nearest optional field that it stands in; needed only where that one is given. */
  readonly within?: string
  readonly personal: boolean
  readonly says: string
}

/** The leaves of an event's `data` in the order of declaration. */
export function fieldsOf(schema: z.ZodType): FieldPath[] {
  const found = new Map<string, FieldPath>()
  for (const field of walk(schema, { path: '', optional: false, personal: false })) {
    // The arms of a union tell of the same field; it is personal when one of them says so.
    const seen = found.get(field.path)
    found.set(field.path, seen ? merge(seen, field) : field)
  }
  return [...found.values()]
}

/** Paths of the personal fields below `data`, such as `shipTo.phone`. */
export const personalPathsOf = (schema: z.ZodType): string[] =>
  fieldsOf(schema)
    .filter(field => field.personal)
    .map(field => field.path)

type Place = Omit<FieldPath, 'says'>

function* walk(schema: z.ZodType, at: Place): Generator<FieldPath> {
  const own = marks.get(schema)
  const here = own?.personal ? { ...at, personal: true } : at
  if (schema instanceof z.ZodOptional) yield* walk(inner(schema.unwrap()), { ...here, optional: true })
  else if (schema instanceof z.ZodObject) yield* walkObject(schema, here)
  else if (schema instanceof z.ZodArray) yield* walk(inner(schema.element), { ...here, path: `${here.path}[]` })
  else if (schema instanceof z.ZodUnion) for (const arm of schema.options) yield* walk(inner(arm), here)
  else yield { ...here, says: own?.says ?? plainName(schema) }
}

function* walkObject(schema: z.ZodObject, at: Place): Generator<FieldPath> {
  const prefix = at.path === '' ? '' : `${at.path}.`
  const within = at.optional ? at.path.replace(/\[\]$/, '') : at.within
  for (const [name, field] of Object.entries(schema.shape)) {
    const place = { path: prefix + name, optional: false, personal: at.personal }
    yield* walk(inner(field), within === undefined ? place : { ...place, within })
  }
}

// Zod types the children of a schema as its core type; every schema of ours is made by the classic constructors.
const inner = (schema: z.core.$ZodType): z.ZodType => schema as z.ZodType

function plainName(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) return enumName(schema)
  if (schema instanceof z.ZodBoolean) return 'true or false'
  return schema.type
}

const enumName = (schema: z.ZodEnum | z.ZodLiteral): string =>
  [...(schema instanceof z.ZodEnum ? schema.options : schema.values)].map(value => `\`${value}\``).join(', ')

const merge = (a: FieldPath, b: FieldPath): FieldPath => ({
  ...a,
  optional: a.optional || b.optional,
  personal: a.personal || b.personal,
  says: a.says === b.says ? a.says : `${a.says}; or ${b.says}`,
})
