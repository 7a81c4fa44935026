import type { AuditOutcome, AuditWhat, AuditWho } from '../../contract/audit.ts'
import { MASK, maskField, maskMails, maskText } from '../../contract/mask.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Json, JsonObject } from '../../kernel/json.ts'

/** The trail is one stream of rows: it lives in one bucket, and its chain with it. */
export const AUDIT_BUCKET = 0

/** The stored columns of a row but for its place in the chain. `detail` is the stored JSON text, byte for byte. */
export interface AuditRow {
  readonly id: string
  readonly at: Instant
  readonly actor: string
  readonly behalf: string | null
  readonly address: string | null
  readonly agent: string | null
  readonly verb: string
  readonly subject_kind: string | null
  readonly subject_id: string | null
  readonly outcome: AuditOutcome
  readonly code: string | null
  readonly request: string | null
  readonly times: number
  readonly detail: string
}

/** What a row's authentication covers: every column, in an unambiguous form. */
export const auditText = (r: AuditRow): string =>
  JSON.stringify([
    ...[r.id, r.at, r.actor, r.behalf, r.address, r.agent, r.verb, r.subject_kind, r.subject_id],
    ...[r.outcome, r.code, r.request, r.times, r.detail],
  ])

const LONGEST = { actor: 120, address: 64, agent: 160, verb: 80, kind: 40, id: 200, code: 80, request: 80 } as const

/** The row of an entry: cut to size, with secrets and personal data masked. */
export function auditRow(
  who: AuditWho,
  what: AuditWhat,
  more: { readonly id: string; readonly at: Instant; readonly times?: number },
): AuditRow {
  const { subject } = what
  return {
    id: more.id,
    at: more.at,
    actor: plain(who.actor, LONGEST.actor) ?? 'anonymous',
    behalf: plain(who.behalf, LONGEST.actor),
    address: plain(who.address, LONGEST.address),
    agent: plain(who.agent, LONGEST.agent),
    verb: plain(what.verb, LONGEST.verb) ?? 'unknown',
    subject_kind: plain(subject?.kind, LONGEST.kind),
    // Whoever tries to sign in is known by what was typed, which may be a mail address.
    subject_id: subject === undefined ? null : maskMails(plain(subject.id, LONGEST.id) ?? ''),
    outcome: what.outcome ?? 'done',
    code: plain(what.code, LONGEST.code),
    request: plain(who.request, LONGEST.request),
    times: more.times ?? 1,
    detail: detailText(what),
  }
}

// Control characters would break lines of exports and logs; NUL cannot be stored at all.
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu

const plain = (text: string | undefined, longest: number): string | null =>
  text === undefined ? null : text.toWellFormed().replace(CONTROL, ' ').slice(0, longest).toWellFormed()

const MOST_BYTES = 8_000

function detailText({ before, after }: AuditWhat): string {
  const text = JSON.stringify({
    ...(before && { before: masked(before, 0) }),
    ...(after && { after: masked(after, 0) }),
  })
  return text.length <= MOST_BYTES ? text : JSON.stringify({ cut: text.length })
}

const SECRET =
  /(password|passwd|passphrase|secret|token|cookie|authorization|credential|apikey|private|otp|pin|hash|salt)/
const PERSONAL =
  /^(full|first|last|customer|display)?name$|phone|mobile|mail|^(address|street|line[12]|postcode|zip|district)$/
const DEEPEST = 6
const MOST_ITEMS = 100
const LONGEST_TEXT = 500

function masked(value: Json | undefined, depth: number): Json {
  if (typeof value === 'string') return maskText(plain(value, LONGEST_TEXT) ?? '')
  if (typeof value !== 'object' || value === null) return value ?? null
  if (depth >= DEEPEST) return MASK
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map(item => masked(item, depth + 1))
  return maskedObject(value as JsonObject, depth)
}

function maskedObject(value: JsonObject, depth: number): JsonObject {
  const out: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value).slice(0, MOST_ITEMS)) {
    if (item === undefined) continue
    const folded = key.toLowerCase().replace(/[-_]/g, '')
    if (SECRET.test(folded)) out[key] = MASK
    else out[key] = PERSONAL.test(folded) && item !== null ? maskField(key, item) : masked(item, depth + 1)
  }
  return out
}
