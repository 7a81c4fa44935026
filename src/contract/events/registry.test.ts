import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { fieldsOf } from './marks.ts'
import { eventEntryOf, eventTypes, newestVersionOf } from './registry.ts'
import { systemFactTypes } from './system.ts'

const entries = Object.values(eventTypes)
const labels = [...entries, ...Object.values(systemFactTypes)].map(e => e.label)

test('every type has a name and a meaning in both languages, and no two share a name', () => {
  for (const { zh, en } of [...labels, ...entries.map(e => e.description)]) {
    assert.match(zh, /\p{Script=Han}/u)
    assert.match(en, /^[A-Z]/)
  }
  for (const language of ['zh', 'en'] as const) assert.equal(new Set(labels.map(l => l[language])).size, labels.length)
})

test('a type is found under its own name, and names of every object are no types', () => {
  for (const [type, entry] of Object.entries(eventTypes)) {
    assert.equal(entry.type, type)
    assert.equal(eventEntryOf(type), entry)
    assert.match(type, /^[a-z]+\.[a-z_]+$/)
  }
  for (const type of ['constructor', '__proto__', 'toString', 'finding.raised'])
    assert.equal(eventEntryOf(type), undefined)
  assert.equal(newestVersionOf('finding.raised'), 1)
  assert.equal(newestVersionOf('constructor'), undefined)
})

test('every shape is closed, names its order, and bounds every text', () => {
  for (const { type, schema } of entries) {
    assert.ok(schema instanceof z.ZodObject, type)
    assert.ok(schema.shape.ref, `${type} has no ref`)
    for (const field of fieldsOf(schema)) assert.notEqual(field.says, 'string', `${type}: ${field.path} has no bound`)
    const json = JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))
    assert.equal(
      json.split('"properties"').length,
      json.split('"additionalProperties":false').length,
      `${type} is open`,
    )
  }
})

test('who somebody is, is personal wherever it stands', () => {
  const names =
    /(^|\.)(name|phone|email|line1|line2|postcode|payer|account|signedBy|approver|comment|message|note|text|title)$/
  const open = entries.flatMap(({ type, schema, personal }) =>
    fieldsOf(schema)
      .map(field => field.path)
      .filter(path => names.test(path) && !personal.includes(path))
      .map(path => `${type} ${path}`),
  )
  // Names of goods and of the carrier's places tell nothing about a person.
  assert.deepEqual([...new Set(open.map(o => o.split(' ')[1]))].sort(), ['lines[].name', 'place.name'])
  assert.deepEqual(eventTypes['order.placed'].personal, [
    'customer.id',
    'customer.name',
    'customer.phone',
    'customer.email',
    'shipTo.name',
    'shipTo.phone',
    'shipTo.line1',
    'shipTo.line2',
    'shipTo.postcode',
    'shipTo.district',
    'note',
  ])
})
