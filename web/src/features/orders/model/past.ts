/** Where the slider may stand: any instant from the first fact on, or now. Instants are epoch ms. */

export interface Tick {
  readonly seq: number
  readonly at: number
  readonly type: string
}

/** Ticks by when they happened or by when they were known, in the order of time. */
export function ticksOf(
  facts: readonly {
    readonly seq: number
    readonly type: string
    readonly occurredAt: string
    readonly knownAt: string
  }[],
  by: 'occurred' | 'known',
): Tick[] {
  return facts
    .map(({ seq, type, occurredAt, knownAt }) => ({ seq, type, at: Date.parse(by === 'known' ? knownAt : occurredAt) }))
    .sort((a, b) => a.at - b.at || a.seq - b.seq)
}

/** How many facts had happened at an instant. */
export const factsUntil = (ticks: readonly Tick[], at: number): number => ticks.filter(tick => tick.at <= at).length

/** The instant of the fact before or after the one where the slider stands; null: now. */
export function step(ticks: readonly Tick[], at: number | null, to: 'before' | 'after'): number | null {
  const instants = [...new Set(ticks.map(tick => tick.at))]
  if (to === 'before') return instants.findLast(instant => at === null || instant < at) ?? at
  return at === null ? null : (instants.find(instant => instant > at) ?? null)
}

/** Share of the way from the first to the last instant, 0 to 1. */
export const shareOf = (at: number, from: number, to: number): number =>
  to <= from ? 1 : Math.min(1, Math.max(0, (at - from) / (to - from)))
