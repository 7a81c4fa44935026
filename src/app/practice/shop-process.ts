import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { SECOND } from '../../kernel/instant.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'

/** The shop is a client like any other: a program beside Andon, which knows its address. */
const SHOP = resolve(import.meta.dirname, '../../..', 'examples', 'practice-shop', 'main.ts')
const AGAIN_AFTER = 2 * SECOND
const STOP_PATIENCE = 5 * SECOND

export interface ShopDeps {
  readonly url: string
  /** Its API key. */
  readonly key: string
  /** Where the shop keeps what it has told already. */
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Log
}

export const SHOP_MEMORY = 'practice-shop.json'

/** Runs the shop and starts it again when it ends, until it is stopped. */
export function runShop(deps: ShopDeps): { stop(): Promise<void> } {
  const { clock, log } = deps
  const stopping = new AbortController()
  let child: ChildProcess | null = null
  const running = (async () => {
    while (!stopping.signal.aborted) {
      child = launch(deps)
      const [code] = await once(child, 'exit')
      if (stopping.signal.aborted) return
      log.warn('the practice shop ended and is started again', { code })
      await clock.sleepUntil(clock.now() + AGAIN_AFTER, stopping.signal)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      child?.kill('SIGTERM')
      const over = new AbortController()
      const late = clock.sleepUntil(clock.now() + STOP_PATIENCE, over.signal).then(() => {
        if (!over.signal.aborted) child?.kill('SIGKILL')
      })
      await running.catch(error => log.warn('the practice shop did not run', { error: String(error) }))
      over.abort()
      await late
    },
  }
}

function launch({ url, key, dataDir }: ShopDeps): ChildProcess {
  const args = [SHOP, '--url', url, '--memory', join(dataDir, SHOP_MEMORY)]
  // The channel carries nothing: when we die it closes, and the shop stops.
  const env = { ...process.env, ANDON_API_KEY: key }
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
}
