import { z } from 'zod'
import { SEVERITIES } from '../../contract/exceptions.ts'
import type { FactValues } from '../../contract/facts.ts'
import { durationOf, instantOf } from './dialect/moments.ts'

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

const constant = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('dur'), value: duration, label }),
  z.strictObject({ type: z.literal('time'), value: instant, label }),
  z.strictObject({ type: z.literal('money'), value: z.int({ error: 'use whole minor units' }), label }),
  z.strictObject({ type: z.literal('num'), value: z.number(), label }),
  z.strictObject({ type: z.literal('string'), value: z.string(), label }),
  z.strictObject({ type: z.literal('bool'), value: z.boolean(), label }),
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

const rule = z.strictObject({
  id: code,
  version,
  stage: z.enum(['draft', 'shadow', 'live', 'retired']),
  name: label,
  reason: label,
  when: text,
  type: code,
  severity: z.enum(SEVERITIES),
  clears: z.enum(['auto', 'look']),
  scope: z.literal('order'),
  examples: z.array(example).default([]),
})

/** The form of a pack file; see `packs/core.yaml`. */
export const packShape = z
  .strictObject({
    pack: code,
    constants: z.record(constantName, constant).default({}),
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
