import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../../src/platform/clock.ts'

/** A directory that goes with the test; open to other accounts, as a data directory in /srv would be. */
export function temporaryDirectory(t: Pick<TestContext, 'after'>, mode = 0o755): string {
  const dir = mkdtempSync(join(tmpdir(), 'andon test-'))
  chmodSync(dir, mode)
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

export interface Holder {
  readonly child: ChildProcess
  readonly postmaster: number
}

/** Starts a process that holds a database, and waits until that answers. */
export async function startHolder(dataDir: string): Promise<Holder> {
  const script = join(import.meta.dirname, 'holder.ts')
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const [line] = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => ['{"pid":-1}'])])
  return { child, postmaster: JSON.parse(line).pid }
}

export async function kill(child: ChildProcess, name: NodeJS.Signals): Promise<void> {
  const gone = once(child, 'exit')
  child.kill(name)
  await gone
}

/** Waits for a condition that another process brings about; fails after half a minute, far beyond what it takes. */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = systemClock.now() + 30_000
  while (!(await condition())) {
    if (systemClock.now() > deadline) throw new Error(`never happened: ${what}`)
    await delay(20)
  }
}
