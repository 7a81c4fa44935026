import type { Instant } from '../kernel/instant.ts'
import { MINUTE, SECOND } from '../kernel/instant.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { addJob, askToEnd, endJob, type JobEnd, type JobRow, readJob, takeLeftJobs, tellJob } from './queries/jobs.ts'

/** Progress is written this often at most, and as a sign of life at least. */
const TELL_EVERY = SECOND / 2
const ALIVE_EVERY = 2 * SECOND
/** A job that gave no sign of life for so long is of a process that is gone. */
const GONE_AFTER = MINUTE

/** How far a job is. More fields than these are kept for the job itself, so that it can go on after an interruption. */
export interface JobProgress {
  readonly done: number
  readonly total: number | null
  readonly unit?: string
  readonly note?: string
  readonly [more: string]: string | number | boolean | null | undefined
}

/** What a job is given to work with. */
export interface JobRun {
  readonly id: string
  readonly actor: string
  readonly params: JsonObject
  /** What was told last before an interruption; `{}` in a first run. */
  readonly before: JsonObject
  /** Aborted when somebody asks for the end, or the process stops: come to a safe place and return or throw. */
  readonly signal: AbortSignal
  tell(progress: JobProgress): void
}

export interface JobKind {
  /** Its result, as people see it. Heavy work belongs into a child process: this runs on the event loop. */
  run(job: JobRun): Promise<JsonObject>
  /** After a restart it is run again with `before`; otherwise it has failed with `interrupted`. */
  readonly resumes?: boolean
}

export interface JobsOptions {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly node: string
  newId(): string
  readonly kinds: { readonly [kind: string]: JobKind }
}

interface Running {
  readonly kind: string
  readonly stop: AbortController
  readonly ended: Promise<void>
}

/**
 * Long work of a server: every job has a row that tells how far it is, and can be stopped from any process. Start one
 * with `start(kind, { params, actor })` and answer with its id; people find it under /v1/jobs and in the live stream.
 */
export class Jobs {
  private readonly options: JobsOptions
  private readonly running = new Map<string, Running>()
  private readonly stopping = new AbortController()
  private watching: Promise<void> | null = null
  private readonly listeners = new Set<(id: string) => void>()

  constructor(options: JobsOptions) {
    this.options = options
  }

  /** Goes on with what an earlier life of this process left, and watches for what others leave. */
  start(): void {
    this.watching ??= this.watch()
  }

  /** Running jobs are interrupted: those that resume go on with the next start. */
  async stop(): Promise<void> {
    this.stopping.abort()
    for (const { stop } of this.running.values()) stop.abort('stopping')
    await Promise.allSettled([...this.running.values()].map(r => r.ended))
    await this.watching
  }

  /** Told the id whenever a job of this process begins, moves on or ends. Returns how to stop that. */
  onChange(listener: (id: string) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Whether a job of this kind runs in this process. */
  runs(kind: string): boolean {
    return [...this.running.values()].some(r => r.kind === kind)
  }

  /** @throws Error when no such kind was registered */
  async begin(kind: string, given: { readonly params: JsonObject; readonly actor: string }): Promise<JobRow> {
    const { db, clock, node, newId } = this.options
    if (this.options.kinds[kind] === undefined) throw new Error(`no such kind of job: ${kind}`)
    const id = newId()
    const progress = { done: 0, total: null }
    await addJob(db, { id, kind, node, progress, ...given }, clock.now())
    this.carryOut({ id, kind, actor: given.actor, params: given.params, before: {} })
    return (await readJob(db, id))!
  }

  /** Asks a job to end, wherever it runs; false when it is over or there is none. */
  async cancel(id: string): Promise<boolean> {
    const { db, clock } = this.options
    const asked = await askToEnd(db, id, clock.now())
    if (asked) this.running.get(id)?.stop.abort('cancelled')
    this.changed(id)
    return asked
  }

  private changed(id: string): void {
    for (const listener of this.listeners) listener(id)
  }

  private carryOut(job: Omit<JobRun, 'signal' | 'tell'> & { kind: string }): void {
    const stop = new AbortController()
    const ended = this.work(job, stop).finally(() => {
      this.running.delete(job.id)
      this.changed(job.id)
    })
    this.running.set(job.id, { kind: job.kind, stop, ended })
    this.changed(job.id)
  }

  private async work(job: Omit<JobRun, 'signal' | 'tell'> & { kind: string }, stop: AbortController): Promise<void> {
    const { db, clock, node, log, kinds } = this.options
    const teller = new Teller({ db, clock, node, id: job.id, told: () => this.changed(job.id), stop })
    const beating = teller.beat()
    const end = await kinds[job.kind]!.run({ ...job, signal: stop.signal, tell: progress => teller.tell(progress) })
      .then((result): JobEnd => ({ status: stop.signal.aborted ? 'cancelled' : 'done', result, error: null }))
      .catch((error: unknown) => endOf(error, stop.signal))
    await teller.finish(beating)
    // What resumes stays `running` in its row, so that the next start finds it.
    if (stop.signal.reason === 'stopping' && kinds[job.kind]!.resumes) return
    const interrupted = stop.signal.reason === 'stopping' && end.status !== 'done' ? INTERRUPTED : end
    await endJob(db, { id: job.id, node }, { ...interrupted, at: clock.now() }).catch(error =>
      log.warn('the end of a job was not written', { job: job.id, error: String(error) }),
    )
  }

  private async watch(): Promise<void> {
    const { clock, log } = this.options
    while (!this.stopping.signal.aborted) {
      await this.takeOver().catch(error => log.warn('left jobs were not looked for', { error: String(error) }))
      await clock.sleepUntil(clock.now() + GONE_AFTER, this.stopping.signal)
    }
  }

  private async takeOver(): Promise<void> {
    const { db, clock, node, kinds } = this.options
    const now: Instant = clock.now()
    const running = [...this.running.keys()]
    for (const left of await takeLeftJobs(db, { node, running, before: now - GONE_AFTER, at: now })) {
      const { id, kind, actor, params, progress, cancelling } = left
      if (kinds[kind]?.resumes && !cancelling) this.carryOut({ id, kind, actor, params, before: progress })
      else await endJob(db, { id, node }, { ...(cancelling ? CANCELLED : INTERRUPTED), at: now })
    }
  }
}

const CANCELLED: JobEnd = { status: 'cancelled', result: null, error: null }
const INTERRUPTED: JobEnd = {
  status: 'failed',
  result: null,
  error: { code: 'interrupted', message: 'The process that ran it was stopped: start it again.' },
}

function endOf(error: unknown, signal: AbortSignal): JobEnd {
  if (signal.aborted) return CANCELLED
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed'
  return {
    status: 'failed',
    result: null,
    error: { code, message: String(error instanceof Error ? error.message : error) },
  }
}

interface TellerDeps {
  readonly db: Database
  readonly clock: Clock
  readonly node: string
  readonly id: string
  readonly stop: AbortController
  told(): void
}

/** Writes progress now and then, and learns from the same row whether somebody asked for the end. */
class Teller {
  private readonly deps: TellerDeps
  private readonly over = new AbortController()
  private newest: JsonObject | null = null
  private last: JsonObject = { done: 0, total: null }
  private wake: () => void = () => {}

  constructor(deps: TellerDeps) {
    this.deps = deps
  }

  tell(progress: JobProgress): void {
    const first = this.newest === null
    this.newest = Object.fromEntries(Object.entries(progress).filter(([, v]) => v !== undefined)) as JsonObject
    if (first) this.wake()
  }

  /** Until `finish`. */
  async beat(): Promise<void> {
    const { clock } = this.deps
    const { signal } = this.over
    while (!signal.aborted) {
      const told = new Promise<void>(resolve => {
        this.wake = resolve
      })
      const round = new AbortController()
      if (this.newest === null)
        await Promise.race([told, clock.sleepUntil(clock.now() + ALIVE_EVERY, AbortSignal.any([signal, round.signal]))])
      round.abort()
      await this.write()
      await clock.sleepUntil(clock.now() + TELL_EVERY, signal)
    }
  }

  async finish(beating: Promise<void>): Promise<void> {
    this.over.abort()
    this.wake()
    await beating
    await this.write()
  }

  private async write(): Promise<void> {
    const { db, clock, node, id, stop, told } = this.deps
    this.last = this.newest ?? this.last
    this.newest = null
    try {
      if (await tellJob(db, { id, node, progress: this.last }, clock.now()))
        stop.abort(stop.signal.reason ?? 'cancelled')
      told()
    } catch {
      // The next beat tries again; the database being away is told by everything else.
    }
  }
}
