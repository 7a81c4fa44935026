import { z } from 'zod'
import { SEVERITIES } from '../../contract/exceptions.ts'
import type { FactValues, ScalarType } from '../../contract/facts.ts'
import { RESERVED_RULE_IDS } from '../../contract/rule-ids.ts'
import { durationOf, instantOf } from './dialect/moments.ts'
import type { LookupConstant, ScalarValue } from './types.ts'

const text = z.string().trim().min(1, { error: 'must not be empty' })
const label = z.strictObject({ zh: text, en: text })
const code = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, { error: 'use lower case letters, digits and _, such as delivered_late' })
const version = z.int().min(1, { error: 'versions count from 1' })

/** Text to a number by a function that says null for what it cannot read. */
const read = (of: (text: string) => number | null, error: string) =>
  z.string().transform((value, context) => {
    const number = of(value)
    if (number !== null) return number
    context.addIssue({ code: 'custom', message: error })
    return z.NEVER
  })
const duration = read(t => durationOf(t, 'days'), 'use a duration such as 4d, 24h or 90m')
const instant = read(instantOf, 'use a time with its zone, such as 2026-11-11T00:00:00+08:00')

const scalar = z.union([z.string(), z.number(), z.boolean()])
const JS_TYPES = { bool: 'boolean', string: 'string', num: 'number', money: 'number', time: 'number', dur: 'number' }

/** A table of values of one type; times and lengths of time are written as in the other constants. */
const lookup = z
  .strictObject({
    type: z.literal('lookup'),
    of: z.enum(['bool', 'string', 'num', 'money', 'time', 'dur']),
    value: z.record(z.string(), scalar),
    otherwise: scalar,
    label,
  })
  .transform(({ value, otherwise, ...table }, context): LookupConstant => {
    const readOne = (path: string[], written: ScalarValue): ScalarValue => {
      const one = readAs(table.of, written)
      if (typeof one === JS_TYPES[table.of]) return one
      context.addIssue({ code: 'custom', path, message: `use a value of type ${table.of}` })
      return z.NEVER
    }
    const entries = Object.entries(value).map(([key, one]) => [key, readOne(['value', key], one)])
    return { ...table, value: Object.fromEntries(entries), otherwise: readOne(['otherwise'], otherwise) }
  })

function readAs(type: ScalarType, written: ScalarValue): ScalarValue {
  if (typeof written !== 'string') return written
  if (type === 'dur') return durationOf(written, 'days') ?? written
  return type === 'time' ? (instantOf(written) ?? written) : written
}

const list = z
  .strictObject({
    type: z.literal('list'),
    of: z.enum(['string', 'num']),
    value: z.array(z.union([z.string(), z.number()])).max(5000),
    label,
  })
  .check(context => {
    const { of, value } = context.value
    const wrong = value.findIndex(one => typeof one !== JS_TYPES[of])
    if (wrong >= 0)
      context.issues.push({ code: 'custom', path: ['value', wrong], message: `use values of type ${of}`, input: value })
  })

const constant = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('dur'), value: duration, label }),
  z.strictObject({ type: z.literal('time'), value: instant, label }),
  z.strictObject({ type: z.literal('money'), value: z.int({ error: 'use whole minor units' }), label }),
  z.strictObject({ type: z.literal('num'), value: z.number(), label }),
  z.strictObject({ type: z.literal('string'), value: z.string(), label }),
  z.strictObject({ type: z.literal('bool'), value: z.boolean(), label }),
  list,
  lookup,
])
const constantName = z.string().regex(/^[a-z][A-Za-z0-9]*$/, { error: 'name constants like typicalRest' })

/** Facts are written with readable times; every text that is an RFC 3339 time becomes epoch ms. */
const facts = z
  .record(z.string(), z.unknown())
  .transform(
    (roots): FactValues =>
      Object.fromEntries(Object.entries(roots).map(([root, value]) => [root, withInstants(value)])),
  )

function withInstants(value: unknown): unknown {
  if (typeof value === 'string') return instantOf(value) ?? value
  if (Array.isArray(value)) return value.map(withInstants)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withInstants(inner)]))
}

const example = z.strictObject({ facts: facts.default({}), now: instant, holds: z.boolean() })

const constants = z.record(constantName, constant).default({})

const rule = z.strictObject({
  id: code.refine(id => !RESERVED_RULE_IDS.has(id), { error: 'is a word of the addresses: choose another id' }),
  version,
  stage: z.enum(['draft', 'shadow', 'live', 'retired']),
  name: label,
  reason: label,
  when: text,
  /** What this rule alone means by a name, before what the pack does. */
  constants,
  for: duration.optional(),
  type: code,
  severity: z.enum(SEVERITIES),
  clears: z.enum(['auto', 'look']),
  scope: z.literal('order'),
  /** Who is to act on its cases, and what to do about it in short. */
  team: code.optional(),
  hint: label.optional(),
  examples: z.array(example).default([]),
})

/** The form of a pack file; see `packs/core.yaml`. */
export const packShape = z
  .strictObject({
    pack: code,
    constants,
    /** Facts that every example starts from. */
    base: facts.default({}),
    rules: z.array(rule),
  })
  .check(context => {
    const ids = context.value.rules.map(r => r.id)
    ids.forEach((id, i) => {
      if (ids.indexOf(id) === i) return
      context.issues.push({ code: 'custom', path: ['rules', i, 'id'], message: `rule ${id} is there twice`, input: id })
    })
  })
