import type { Fact } from '../../contract/stream.ts'
import type { Instant } from '../../kernel/instant.ts'
import { atOf, textIn } from './core-body.ts'

/** A stretch of a case's time. `run`: it counts; `wait`: for somebody, it does not; `stop`: resolved or over. */
export interface Segment {
  readonly from: Instant
  /** Null: it goes on. */
  readonly to: Instant | null
  readonly kind: 'run' | 'wait' | 'stop'
  readonly who: string | null
  /** Ledger seq of the fact that began it. */
  readonly seq: number
}

/** How the time of one case was spent, from the facts about it in the order of the ledger: what explains its deadline. */
export function segmentsOf(facts: readonly Fact[]): Segment[] {
  const segments: Segment[] = []
  for (const fact of facts) {
    const next = nextKind(fact)
    if (next === null) continue
    const from = fact.type === 'case.opened' || fact.type === 'case.cleared' ? atOf(fact) : fact.occurredAt
    const last = segments.at(-1)
    // A wait that is changed begins anew, as somebody else may be waited for; running twice is running on.
    if (last?.kind === next && next !== 'wait') continue
    if (last) segments[segments.length - 1] = { ...last, to: Math.max(from, last.from) }
    segments.push({ from, to: null, kind: next, who: next === 'wait' ? textIn(fact.body, 'for') : null, seq: fact.seq })
  }
  return segments
}

const KINDS: { readonly [type: string]: Segment['kind'] } = {
  'case.opened': 'run',
  'case.resumed': 'run',
  'case.started': 'run',
  'case.released': 'run',
  'case.waiting': 'wait',
  'case.resolved': 'stop',
  'case.closed': 'stop',
}

function nextKind({ type, body }: Fact): Segment['kind'] | null {
  if (type === 'case.reopened') return textIn(body, 'status') === 'open' ? 'run' : null
  if (type === 'case.cleared') return textIn(body, 'status') === 'cleared' ? 'stop' : null
  return KINDS[type] ?? null
}
