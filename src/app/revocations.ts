import { join } from 'node:path'
import * as z from 'zod'
import type { Instant } from '../kernel/instant.ts'
import { AuditTrail, standing, type Taken, takeAgain } from '../modules/access/index.ts'
import { type Clock, systemClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { messageOf } from '../platform/error.ts'
import type { Log } from '../platform/log.ts'
import type { Sealer } from '../platform/seal.ts'
import { newId } from './compose.ts'
import { type LineFile, lineFile } from './line-file.ts'

/** Beside the database, like the register of erasures: an older backup that is restored must not bring back what was taken away. */
export const revocationsPath = (dataDir: string): string => join(dataDir, 'revocations.jsonl')

const taken = { id: z.string().min(1).max(200), mac: z.string() }
const entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('key'), version: z.int(), ...taken }),
  z.object({ kind: z.literal('secret'), until: z.int(), ...taken }),
  z.object({ kind: z.literal('person'), version: z.int(), ...taken }),
])

/** Who holds the disk and not the master secret cannot lock anybody out by a line. */
const macOf = (sealer: Sealer, t: Taken): string =>
  sealer
    .mac('revocation', Buffer.from(JSON.stringify([t.kind, t.id, t.kind === 'secret' ? t.until : t.version])))
    .toString('hex')

const nameOf = (t: Taken): string => `${t.kind} ${t.id} ${t.kind === 'secret' ? t.until : t.version}`

export interface TakenAgain {
  readonly keys: number
  readonly secrets: number
  readonly people: number
}

/** The register of revoked keys, ended secrets and disabled people. */
export class Revocations {
  readonly #db: Database
  readonly #sealer: Sealer
  readonly #file: LineFile<z.output<typeof entry>>
  readonly #known = new Set<string>()
  #hints: ReadonlySet<string> = new Set()

  constructor({ db, sealer, path }: { readonly db: Database; readonly sealer: Sealer; readonly path: string }) {
    this.#db = db
    this.#sealer = sealer
    this.#file = lineFile(path, entry)
  }

  /** First of all in a process: an older database may have been restored. */
  async reapply(): Promise<TakenAgain> {
    const again = { keys: 0, secrets: 0, people: 0 }
    const handles: string[] = []
    for (const { mac, ...t } of await this.#file.read()) {
      if (macOf(this.#sealer, t) !== mac) continue
      this.#known.add(nameOf(t))
      if (!(await takeAgain(this.#db, t))) continue
      again[COUNTED[t.kind]]++
      if (t.kind !== 'secret') handles.push(`${t.kind} ${t.id}`)
    }
    if (again.keys + again.secrets + again.people > 0) await this.#tell(again, handles)
    return again
  }

  async #tell(again: TakenAgain, handles: readonly string[]): Promise<void> {
    const audit = new AuditTrail({ db: this.#db, sealer: this.#sealer, newId, now: () => systemClock.now() })
    const after = { keysRevoked: again.keys, oldOnesEnded: again.secrets, disabled: again.people, which: [...handles] }
    await audit.record({ actor: 'system' }, { verb: 'access.take_again', after })
  }

  /** Adds what was taken away since the last look. */
  async look(now: Instant): Promise<void> {
    const found = await standing(this.#db)
    const hints = new Set(found.hints)
    // Of a part of them nobody can tell what is gone.
    const left = found.isWhole ? [...this.#hints].filter(id => !hints.has(id)) : []
    const gone = left.map(id => ({ kind: 'secret' as const, id, until: now }))
    const fresh = [...found.taken, ...gone].filter(t => !this.#known.has(nameOf(t)))
    await this.#file.append(fresh.map(t => ({ ...t, mac: macOf(this.#sealer, t) })))
    // Only now: what could not be written is found again by the next look.
    this.#hints = hints
    for (const t of fresh) this.#known.add(nameOf(t))
  }
}

const COUNTED = { key: 'keys', secret: 'secrets', person: 'people' } as const

/** What another process took away, the command line for one, is seen by then. */
const LOOK_EVERY = 5_000

interface Keeping {
  readonly clock: Clock
  readonly log: Log
  readonly stop: AbortSignal
  /** Tells of each change of a person or a key that this process made. */
  onChange(told: () => void): void
}

/** Keeps the register until `stop` is aborted, and looks once more then. */
export async function keepRevocations(revocations: Revocations, keeping: Keeping): Promise<void> {
  const { clock, log, stop, onChange } = keeping
  const look = (): Promise<void> =>
    revocations
      .look(clock.now())
      .catch(error => log.warn('the register of revocations was not kept', { reason: messageOf(error) }))
  let changed = new AbortController()
  onChange(() => changed.abort())
  while (!stop.aborted) {
    // Before the look: a change meanwhile is looked at again.
    changed = new AbortController()
    await look()
    await clock.sleepUntil(clock.now() + LOOK_EVERY, AbortSignal.any([stop, changed.signal]))
  }
  await look()
}
