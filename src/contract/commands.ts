import * as z from 'zod'
import { MAX_INSTANT } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import { SEVERITIES } from './exceptions.ts'
import type { Label } from './facts.ts'
import type { Right } from './rights.ts'

/** Text that a person writes: trimmed, 1 to `max` UTF-16 units, storable (no NUL, no half of a character). */
const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(s => s.isWellFormed() && !s.includes('\0'), 'must not contain NUL or broken characters')

const caseId = z.string().regex(/^c-[0-9a-hjkmnp-tv-z]{26}$/, 'must be a case id: c- and 26 characters')
const note = text(2000).optional()
const reason = text(500)
/** Who is accountable, e.g. `user:anna` or `team:logistics`. */
const owner = text(120)

const until = z.int().min(0).max(MAX_INSTANT)

/** Bodies of all commands, by type. Instants are epoch ms. Whoever sends one (API, bulk, automation) is held to the same shape. */
export const COMMAND_BODIES = {
  'order.note': z.strictObject({ text: text(4000) }),
  'case.acknowledge': z.strictObject({ case: caseId, note }),
  'case.assign': z.strictObject({ case: caseId, owner: owner.nullable(), note }),
  'case.start': z.strictObject({ case: caseId, note }),
  'case.wait': z.strictObject({ case: caseId, for: text(120), until, note }),
  'case.resume': z.strictObject({ case: caseId, note }),
  /** Null: it is in the list again at once. */
  'case.snooze': z.strictObject({ case: caseId, until: until.nullable(), note }),
  /** Back to open; to whom it belonged before, or to nobody. */
  'case.release': z.strictObject({ case: caseId, owner: owner.nullable().optional(), note }),
  'case.note': z.strictObject({ case: caseId, text: text(2000) }),
  'case.set_severity': z.strictObject({ case: caseId, severity: z.enum(SEVERITIES), reason }),
  'case.resolve': z.strictObject({ case: caseId, result: text(2000).optional(), note }),
  'case.close': z.strictObject({
    case: caseId,
    cause: text(64),
    result: text(2000),
    note,
    override: z.strictObject({ reason }).optional(),
  }),
  'case.reopen': z.strictObject({ case: caseId, reason }),
} as const

export type CommandType = keyof typeof COMMAND_BODIES
export type CaseCommandType = Extract<CommandType, `case.${string}`>
export type CommandBody<T extends CommandType> = z.output<(typeof COMMAND_BODIES)[T]>

export interface CommandMeta {
  readonly label: Label
  /** Paths in the body that people write freely; they may name a person and are stored sealed. */
  readonly personal: readonly string[]
  /** What its giver needs, over the order or the case that it is about. */
  readonly right: Right
}

/** What users call each command, and what of it is sealed. */
export const commandTypes: { readonly [T in CommandType]: CommandMeta } = {
  'order.note': { label: { zh: '添加订单备注', en: 'Add an order note' }, personal: ['text'], right: 'order.note' },
  'case.acknowledge': { label: { zh: '认领', en: 'Acknowledge' }, personal: ['note'], right: 'case.work' },
  'case.assign': { label: { zh: '指派', en: 'Assign' }, personal: ['note'], right: 'case.assign' },
  'case.start': { label: { zh: '开始处理', en: 'Start work' }, personal: ['note'], right: 'case.work' },
  'case.wait': { label: { zh: '等待', en: 'Wait' }, personal: ['note'], right: 'case.work' },
  'case.resume': { label: { zh: '结束等待', en: 'End the wait' }, personal: ['note'], right: 'case.work' },
  'case.snooze': { label: { zh: '稍后提醒', en: 'Snooze' }, personal: ['note'], right: 'case.work' },
  'case.release': { label: { zh: '退回', en: 'Give back' }, personal: ['note'], right: 'case.work' },
  'case.note': { label: { zh: '添加备注', en: 'Add a note' }, personal: ['text'], right: 'case.work' },
  'case.set_severity': {
    label: { zh: '调整级别', en: 'Change severity' },
    personal: ['reason'],
    right: 'case.severity',
  },
  'case.resolve': { label: { zh: '标记已解决', en: 'Resolve' }, personal: ['result', 'note'], right: 'case.work' },
  'case.close': {
    label: { zh: '关闭工单', en: 'Close' },
    personal: ['result', 'note', 'override.reason'],
    right: 'case.close',
  },
  'case.reopen': { label: { zh: '重新打开', en: 'Reopen' }, personal: ['reason'], right: 'case.close' },
}

/** Every right that a command asks of its giver: closing over a standing exception is one more. */
export function rightsOfCommand(type: CommandType, body: JsonObject): readonly Right[] {
  const { right } = commandTypes[type]
  return type === 'case.close' && body.override !== undefined ? [right, 'case.override'] : [right]
}

export const isCommandType = (type: string): type is CommandType => Object.hasOwn(COMMAND_BODIES, type)
export const isCaseCommandType = (type: string): type is CaseCommandType =>
  isCommandType(type) && type.startsWith('case.')

/** A command whose body has been checked; a union, so that a switch on `type` knows the body. */
export type Checked<T extends CommandType> = {
  readonly [K in T]: { readonly type: K; readonly body: CommandBody<K> }
}[T]

/** What is wrong with a body: the field, dotted, and what to change. */
export interface Malformed {
  readonly field: string
  readonly problem: string
}

/** Checks a body against its command's shape. */
export function checkCommand<T extends CommandType>(type: T, body: unknown): Checked<T> | Malformed {
  const parsed = COMMAND_BODIES[type].safeParse(body)
  if (parsed.success) return pairOf(type, parsed.data)
  const issue = parsed.error.issues[0]
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  return {
    field: [...(issue?.path ?? []), ...unknownKey].map(String).join('.'),
    problem: issue?.message ?? 'not valid',
  }
}

// The schema that made `body` was looked up by `type`, which the compiler cannot follow through the table.
const pairOf = <T extends CommandType>(type: T, body: unknown): Checked<T> => ({ type, body }) as unknown as Checked<T>
