import type { JsonObject } from '../kernel/json.ts'
import type { StepResult } from './step.ts'

export interface Settled {
  readonly status: 200 | 409
  readonly version: number
  readonly body: JsonObject
}

/** Callers of this process that wait for the outcome of a mailbox row. */
export class Waiters {
  private readonly waiting = new Map<string, (settled: Settled) => void>()

  /** Resolves with the outcome, or with null when `signal` aborts first. */
  wait(row: string, signal: AbortSignal): Promise<Settled | null> {
    return new Promise(resolve => {
      const leave = () => {
        this.waiting.delete(row)
        resolve(null)
      }
      this.waiting.set(row, settled => {
        signal.removeEventListener('abort', leave)
        this.waiting.delete(row)
        resolve(settled)
      })
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  settle(result: StepResult): void {
    if (this.waiting.size === 0) return
    for (const d of result.decisions) {
      for (const o of d.outcomes)
        this.waiting.get(o.commandId)?.({ status: o.status, version: o.version, body: o.body })
      for (const row of d.consumed) this.waiting.get(row.id)?.({ status: 200, version: d.after.version, body: {} })
    }
    for (const q of result.quarantined)
      this.waiting.get(q.id)?.({ status: 409, version: 0, body: { code: 'quarantined', reason: q.code } })
  }
}
