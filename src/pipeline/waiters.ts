import { refuse } from '../contract/stream.ts'
import type { JsonObject } from '../kernel/json.ts'
import type { StepResult } from './step.ts'

export interface Settled {
  readonly status: 200 | 409
  readonly version: number
  readonly body: JsonObject
  /** Fingerprint of the command that this answers; empty where nobody has to tell requests apart. */
  readonly request: string
}

type Hear = (settled: Settled) => void

/** Callers of this process that wait for the outcome of a mailbox row; several may wait for the same one. */
export class Waiters {
  private readonly waiting = new Map<string, Set<Hear>>()

  /** Resolves with the outcome, or with null when `signal` aborts first. */
  wait(row: string, signal: AbortSignal): Promise<Settled | null> {
    return new Promise(resolve => {
      const waiting = this.waiting.get(row) ?? new Set()
      this.waiting.set(row, waiting)
      const leave = () => {
        waiting.delete(hear)
        if (waiting.size === 0 && this.waiting.get(row) === waiting) this.waiting.delete(row)
        resolve(null)
      }
      const hear: Hear = settled => {
        signal.removeEventListener('abort', leave)
        resolve(settled)
      }
      waiting.add(hear)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  settle(result: StepResult): void {
    if (this.waiting.size === 0) return
    // First what failed: its row is among those that were consumed, too.
    for (const q of result.quarantined) {
      const body = { code: refuse('quarantined').refused, reason: q.code }
      this.tell(q.id, { status: 409, version: 0, body, request: '' })
    }
    for (const d of result.decisions) {
      for (const o of d.outcomes) this.tell(o.commandId, o)
      for (const row of d.consumed) this.tell(row.id, { status: 200, version: d.after.version, body: {}, request: '' })
    }
  }

  private tell(row: string, settled: Settled): void {
    for (const hear of this.waiting.get(row) ?? []) hear(settled)
    this.waiting.delete(row)
  }
}
