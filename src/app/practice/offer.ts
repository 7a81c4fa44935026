import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { MINUTE, SECOND } from '../../kernel/instant.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'

const MAIN = join(import.meta.dirname, '..', 'main.ts')
/** A first start makes a database; on a slow machine that takes a while. */
const START_PATIENCE = 2 * MINUTE
const STOP_PATIENCE = 20 * SECOND

export interface OfferDeps {
  /** Data of the practice world, below that of the live one. */
  readonly dataDir: string
  readonly host: string
  readonly clock: Clock
  readonly log: Log
  /** Whether the live world has no orders. */
  empty(): Promise<boolean>
}

/** Lets an empty live world start a practice world beside it: one, on another port, that ends with this process. */
export class PracticeOffer {
  private readonly deps: OfferDeps
  private child: ChildProcess | null = null
  private starting: Promise<string> | null = null
  /** Where it runs; null while it does not. */
  url: string | null = null

  constructor(deps: OfferDeps) {
    this.deps = deps
  }

  async possible(): Promise<boolean> {
    return this.url !== null || (await this.deps.empty())
  }

  /** Its address, also when it runs already. @throws when it ended or did not answer in time */
  start(seed?: number): Promise<string> {
    if (this.url !== null) return Promise.resolve(this.url)
    this.starting ??= this.launch(seed).finally(() => {
      this.starting = null
    })
    return this.starting
  }

  async stop(): Promise<void> {
    const { child } = this
    if (child === null || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const { clock } = this.deps
    const late = new AbortController()
    const patience = clock.sleepUntil(clock.now() + STOP_PATIENCE, late.signal).then(() => {
      if (!late.signal.aborted) child.kill('SIGKILL')
    })
    await ended
    late.abort()
    await patience
  }

  private async launch(seed: number | undefined): Promise<string> {
    const { dataDir, host, log } = this.deps
    const args = ['start', '--practice', '--port', '0', '--host', host, '--data', dataDir]
    if (seed !== undefined) args.push('--seed', String(seed))
    // The channel carries nothing: when we die it closes, and the practice world stops.
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
    this.child = child
    child.once('exit', code => {
      log.info('the practice world ended', { code })
      this.url = null
      this.child = null
    })
    this.url = await this.addressOf(child)
    return this.url
  }

  private async addressOf(child: ChildProcess): Promise<string> {
    const { clock } = this.deps
    const told = Promise.withResolvers<string>()
    const lines = createInterface({ input: child.stdout! })
    lines.on('line', line => {
      // The link that signs in: a practice world lets nobody in who does not come by it.
      const found = /^Come in at (http\S+)/.exec(line)
      if (found?.[1]) told.resolve(found[1])
    })
    const over = new AbortController()
    child.once('error', told.reject)
    child.once('exit', code => told.reject(new Error(`it ended with ${code}`)))
    void clock.sleepUntil(clock.now() + START_PATIENCE, over.signal).then(() => {
      if (over.signal.aborted) return
      told.reject(new Error('it did not answer in time'))
      child.kill('SIGTERM')
    })
    return told.promise.finally(() => over.abort())
  }
}
