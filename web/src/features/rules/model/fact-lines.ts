import { type FactSchema, type Label, type ScalarField, wordsOfCode } from '../../../../../src/contract/facts.ts'
import { wholeTime } from '../../../lib/format.ts'
import { typedAmount } from './money.ts'

export interface FactLine {
  readonly path: string
  readonly label: Label | null
  /** Null: the fact is missing. */
  readonly value: Label | boolean | null
}

const same = (text: string): Label => ({ zh: text, en: text })

function told(value: unknown, field: ScalarField | undefined, currency: unknown): FactLine['value'] {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value
  if (field?.type === 'time' && typeof value === 'number') return same(wholeTime(value))
  if (field?.type === 'money' && typeof value === 'number') return same(typedAmount(value, currency))
  const words = wordsOfCode(field, value)
  if (words) return words
  return same(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The values of some facts that a condition reads, for people. */
export function factLines(
  facts: Readonly<Record<string, unknown>>,
  reads: readonly string[],
  schema: FactSchema,
): FactLine[] {
  const roots = new Set<string>()
  const currency = isRecord(facts.order) ? facts.order.currency : undefined
  return reads.flatMap((path): FactLine[] => {
    const [root = '', field = ''] = path.split('.')
    const declared = schema[root]
    const values = facts[root]
    if (declared?.type !== 'list') {
      const value = isRecord(values) ? values[field] : undefined
      return [{ path, label: declared?.of[field]?.label ?? null, value: told(value, declared?.of[field], currency) }]
    }
    if (roots.has(root)) return []
    roots.add(root)
    return [{ path: root, label: declared.label, value: told(values, undefined, currency) }]
  })
}
