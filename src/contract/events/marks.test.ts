import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { fieldsOf, mark, personal, personalPathsOf } from './marks.ts'

test('personal paths are read off the fields, through optional, lists, objects and unions', () => {
  const schema = z.strictObject({
    ref: z.string(),
    name: personal(z.string()).optional(),
    lines: z.array(z.strictObject({ sku: z.string(), gift: personal(z.string()) })),
    to: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('home'), street: personal(z.string()) }),
        z.strictObject({ kind: z.literal('shop'), shop: z.string() }),
      ])
      .optional(),
    contact: personal(z.strictObject({ phone: z.string(), mail: z.string().optional() })),
  })
  assert.deepEqual(personalPathsOf(schema), ['name', 'lines[].gift', 'to.street', 'contact.phone', 'contact.mail'])
})

test('a field that only one arm of a union marks is personal', () => {
  const schema = z.union([z.strictObject({ a: personal(z.string()) }), z.strictObject({ a: z.string() })])
  assert.deepEqual(personalPathsOf(schema), ['a'])
})

test('a needed field of an optional one is needed with it', () => {
  const schema = z.strictObject({
    to: z.array(z.strictObject({ city: z.string(), zip: z.string().optional() })).optional(),
  })
  assert.deepEqual(
    fieldsOf(schema).map(({ path, optional, within }) => [path, optional, within]),
    [
      ['to[].city', false, 'to'],
      ['to[].zip', true, 'to'],
    ],
  )
})

test('a mark belongs to the field that was marked, not to others made alike', () => {
  const made = () => mark(z.string(), { says: 'text' })
  const schema = z.strictObject({ open: made(), closed: personal(made()) })
  assert.deepEqual(fieldsOf(schema), [
    { path: 'open', optional: false, personal: false, says: 'text' },
    { path: 'closed', optional: false, personal: true, says: 'text' },
  ])
})
