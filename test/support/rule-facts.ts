import fc from 'fast-check'
import type { FactSchema, FactValues, ScalarField } from '../../src/contract/facts.ts'
import { DAY, HOUR, MAX_INSTANT } from '../../src/kernel/instant.ts'

/**
 * Facts as a schema promises them, with values from the edges of each type: optional ones are there, left out, or null,
 * which means the same; lists are empty, short, and now and then long.
 */
export function factsFor(schema: FactSchema, around: number): fc.Arbitrary<FactValues> {
  const roots = Object.entries(schema).map(([root, declared]): [string, fc.Arbitrary<unknown>] => {
    const row = rowFor(declared.of, around)
    return [root, declared.type === 'record' ? row : listOf(row)]
  })
  return fc.record(Object.fromEntries(roots))
}

const listOf = (row: fc.Arbitrary<object>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 30, arbitrary: fc.array(row, { maxLength: 3 }) },
    row.map(one => Array.from({ length: 200 }, () => one)),
  )

function rowFor(fields: { readonly [field: string]: ScalarField }, around: number): fc.Arbitrary<object> {
  const model = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const value = valueFor(field, around)
      return [name, field.optional ? fc.option(value, { freq: 20, nil: null }) : value]
    }),
  )
  const required = Object.keys(fields).filter(name => !fields[name]!.optional)
  return fc.record(model, { requiredKeys: required })
}

const TEXTS = [
  '',
  'x',
  'paid',
  'card',
  '__proto__',
  'constructor',
  '华东',
  '🐱'.repeat(50),
  "'",
  '\\',
  'a'.repeat(3000),
]

function valueFor({ type, example }: ScalarField, around: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'bool':
      return fc.boolean()
    case 'string':
      return fc.oneof(fc.constantFrom(...TEXTS, String(example)), fc.string())
    case 'num':
      return fc.oneof(fc.integer({ min: -3, max: 10 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
    case 'money':
      return fc.oneof(fc.integer({ min: -2, max: 100_000 }), fc.maxSafeInteger())
    case 'dur':
      return fc.oneof(
        fc.integer({ min: 0, max: 90 }).map(d => d * HOUR),
        fc.integer({ min: 0, max: MAX_INSTANT }),
      )
    case 'time': {
      const near = fc.integer({ min: -40 * DAY, max: 40 * DAY }).map(d => around + d)
      return fc.oneof({ weight: 4, arbitrary: near }, fc.constantFrom(0, 1, around, MAX_INSTANT))
    }
  }
}
