import { kindOfStream } from '../contract/identity.ts'
import { refuse } from '../contract/stream.ts'
import { bucketOf, groupOf, homeBucketOf } from '../kernel/bucket.ts'
import { digest26 } from '../kernel/hash.ts'
import type { Instant } from '../kernel/instant.ts'
import { canonicalJson, type JsonObject } from '../kernel/json.ts'
import type { Sealer } from '../platform/seal.ts'
import { type Pack, packed, packsJson } from './packs.ts'
import { sealedText } from './personal.ts'
import { CLASS, type IntakeRow } from './rows.ts'
import { writersSalts } from './salts.ts'
import { INSERT_INTAKE } from './sql/write.ts'
import type { Sql } from './sql.ts'
import type { Settled, Waiters } from './waiters.ts'

/** How long a caller waits for an outcome before it gets 202 and a link, ms. */
export const COMMAND_PATIENCE = 2000

export interface CommandRequest {
  readonly stream: string
  readonly type: string
  readonly body: JsonObject
  readonly actor: string
  /** Same key, same command: it is carried out once and its outcome is repeated for 48 hours. */
  readonly idempotencyKey: string
}

export type CommandAnswer = (Settled & { readonly id: string }) | { readonly status: 202; readonly id: string }

export interface CommandDeps {
  readonly waiters: Waiters
  now(): Instant
  offer(packs: readonly Pack[]): void
  /** Aborts when the caller's patience ends. */
  patience(ms: number): AbortSignal
  /** Real time, ms: the world's clock may stand still. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  readonly sealer: Sealer
  personalPaths(type: string): readonly string[]
}

// A command that hit a defect has no outcome until it is tried again: its row in quarantine answers for it.
const FIND_OUTCOME = `
select status, version, body, request from outcome where bucket = $1 and command_id = $2
union all
select 409, 0, json_build_object('code', 'quarantined', 'reason', code), '' from quarantine
where bucket = $1 and id = $2 and status = 'open'`

/** The id of a command: the same request has the same one, however often it is sent. */
export const commandIdOf = ({ stream, type, idempotencyKey }: CommandRequest): string =>
  digest26('command', stream, type, idempotencyKey)

/** Puts a command into its stream's mailbox and waits for the outcome. */
export async function submit(sql: Sql, deps: CommandDeps, request: CommandRequest): Promise<CommandAnswer> {
  const id = commandIdOf(request)
  const bucket = bucketOf(request.stream)
  const known = await outcomeOf(sql, bucket, id)
  const asked = deps.sealer.fingerprint(canonicalJson(request.body))
  if (known) return answerOf(id, asked, known)
  const signal = deps.patience(COMMAND_PATIENCE)
  const wait = { bucket, id, signal, over: false }
  const settled = deps.waiters.wait(id, signal).finally(() => {
    wait.over = true
  })
  const row = { ...(await rowOf(sql, deps, { ...request, id, bucket })), request: asked }
  const packs = packed([row])
  const { rowCount } = await sql.query(INSERT_INTAKE, [packsJson(packs)])
  // Whoever put it there first has told the lane, which may be done with it by now: told again, it would look for a row that is gone.
  if (rowCount > 0) deps.offer(packs)
  const outcome = await Promise.race([settled, watch(sql, deps, wait)])
  return outcome ? answerOf(id, asked, outcome) : { id, status: 202 }
}

/** The outcome of this request; a refusal when its key was used for another one. */
function answerOf(id: string, asked: string, { status, version, body, request }: Settled): CommandAnswer {
  if (request === '' || request === asked) return { id, status, version, body, request }
  return { id, status: 409, version, body: { code: refuse('idempotency_mismatch').refused }, request }
}

// Once at first: it may have been carried out between our look and our row, which then changes nothing and tells nobody. Then at a
// growing distance: the stream may belong to another node, whose step resolves nothing here.
async function watch(
  sql: Sql,
  deps: CommandDeps,
  at: { bucket: number; id: string; signal: AbortSignal; over: boolean },
): Promise<Settled | null> {
  for (let pause = 100; !at.signal.aborted && !at.over; pause = Math.min(pause * 2, 400)) {
    const outcome = await outcomeOf(sql, at.bucket, at.id)
    if (outcome) return outcome
    await deps.pause(pause, at.signal)
  }
  return null
}

/** The recorded outcome of a command, or null while it waits (or when it is older than 48 hours). */
export async function outcomeOf(sql: Sql, bucket: number, id: string): Promise<Settled | null> {
  const { rows } = await sql.query<{ status: 200 | 409; version: number; body: string; request: string }>(
    FIND_OUTCOME,
    [bucket, id],
  )
  const row = rows[0]
  return row ? { ...row, body: JSON.parse(row.body) as JsonObject } : null
}

const WAITS = `select 1 from intake where bucket = $1 and class = $2 and id = $3`

/** Whether a command stands in its stream's mailbox and was not carried out yet. */
export async function commandWaits(sql: Sql, bucket: number, id: string): Promise<boolean> {
  return (await sql.query(WAITS, [homeBucketOf(groupOf(bucket)), CLASS.command, id])).rows.length > 0
}

async function rowOf(
  sql: Sql,
  deps: CommandDeps,
  request: CommandRequest & { id: string; bucket: number },
): Promise<IntakeRow> {
  const { stream, type, body, actor, id, bucket } = request
  const at = deps.now()
  const paths = deps.personalPaths(type)
  const salt = paths.length > 0 ? (await writersSalts(sql, [{ bucket, stream }], at)).get(stream) : undefined
  const stored = salt ? sealedText(deps.sealer, { stream, type, ...salt, paths }, body) : JSON.stringify(body)
  const times = { occurredAt: at, recordedAt: at, knownAt: at, historical: false }
  const kind = kindOfStream(stream) ?? 'order'
  return { bucket, class: CLASS.command, id, stream, kind, what: 'command', type, v: 1, actor, ...times, body, stored }
}
