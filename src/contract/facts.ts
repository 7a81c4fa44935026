/** The declared facts that rules read. Rooms declare them in `facts.ts`; the checker, the editor and the docs use them. */
export type ScalarType = 'bool' | 'string' | 'num' | 'money' | 'time' | 'dur'

export interface Label {
  readonly zh: string
  readonly en: string
}

export interface ScalarField {
  readonly type: ScalarType
  /** May be missing; a rule must guard it with has(). A projection never writes null. */
  readonly optional?: true
  /** `minor` for money, `ms` for dur, `epoch ms` for time, else free text such as `days` or `pieces`. */
  readonly unit?: string
  readonly label: Label
  /** Which fact types write it. */
  readonly from: readonly string[]
  readonly example: string | number | boolean
  /** What people call the codes that it may hold; a source may send others, which are shown as they are. */
  readonly values?: FactWords
  /** It may hold several of them at once, with commas between: one does not ask for it to be one of them. */
  readonly several?: true
  /** Others are as good: these are those that ship. */
  readonly open?: true
}

export type FactWords = { readonly [code: string]: Label }

/** What is said of a field when it is declared. */
export interface FieldTold extends Label, Pick<ScalarField, 'from' | 'example' | 'values' | 'several'> {}

const UNITS: { readonly [type in ScalarType]?: string } = { time: 'epoch ms', money: 'minor', dur: 'ms' }

export const scalarField = (
  type: ScalarType,
  { zh, en, from, example, values, several }: FieldTold,
  unit = UNITS[type],
): ScalarField => ({
  type,
  ...(unit !== undefined && { unit }),
  label: { zh, en },
  from,
  example,
  ...(values && { values }),
  ...(several && { several }),
})

/** One that may be missing. */
export const maybeField = (type: ScalarType, told: FieldTold, unit?: string): ScalarField => ({
  ...scalarField(type, told, unit),
  optional: true,
})

/** The code in words; several that are joined by commas one by one. Null for a code that has none. */
export function wordsOfCode(field: Pick<ScalarField, 'values'> | null | undefined, code: unknown): Label | null {
  const values = field?.values
  if (values === undefined || typeof code !== 'string') return null
  const words = code.split(',').map(one => (Object.hasOwn(values, one) ? values[one] : undefined))
  if (!words.every(word => word !== undefined)) return null
  return { zh: words.map(word => word.zh).join('、'), en: words.map(word => word.en).join(', ') }
}

export interface ListField {
  readonly type: 'list'
  readonly label: Label
  readonly max: number
  /** The field by which people tell one from another; evidence names it whatever a rule read. */
  readonly key?: string
  readonly of: { readonly [field: string]: ScalarField }
}

export interface RecordField {
  readonly type: 'record'
  readonly label: Label
  readonly of: { readonly [field: string]: ScalarField }
}

/** Roots of the rule dialect: `order.paidAt`, `parcels.exists(p, p.lastScanAt ...)`. */
export type FactSchema = { readonly [root: string]: RecordField | ListField }

/** One stream's facts for the rules: plain values, epoch ms, minor units; a missing field is absent, never null. */
export type FactValues = { readonly [root: string]: unknown }
