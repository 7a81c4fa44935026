import type { Decision } from './rows.ts'

/** A stream's state above this is a bug, or an attack: what can be many must be a part. UTF-8 bytes of its JSON. */
export const MAX_STATE_BYTES = 64 * 1024

/**
 * By how much one fact can make the state grow, given the bytes of its body: what is folded repeats its fields and adds
 * some of its own, most for a list of small elements. Generous, since it only says when the state has to be measured.
 */
const growthOf = (bodyBytes: number): number => 8 * bodyBytes + 1024

/** By how much facts can make the state grow at the most, bytes. */
export const growthBy = (bodies: readonly string[]): number =>
  bodies.reduce((sum, body) => sum + growthOf(Buffer.byteLength(body)), 0)

const bytesOf = (slices: Decision['after']['slices']): number => Buffer.byteLength(JSON.stringify(slices))

/**
 * How large the state can be after a decision, given how large it could be before; it is measured only where it might be
 * too large. What does not let it grow is taken in any case, an erasure above all.
 * @throws StateTooLarge
 */
export function boundAfter({ before, after, facts }: Decision, bound: number): number {
  const most = bound + growthBy(facts.map(f => f.stored ?? JSON.stringify(f.body)))
  if (most <= MAX_STATE_BYTES) return most
  const bytes = bytesOf(after.slices)
  if (bytes > MAX_STATE_BYTES && bytes > bytesOf(before.slices)) throw new StateTooLarge(after.stream, bytes)
  return bytes
}

/** The row that would make the state of its stream too large is set aside; the stream goes on without it. */
export class StateTooLarge extends Error {
  readonly code = 'state_too_large'

  constructor(stream: string, bytes: number) {
    super(`the state of ${stream} would have ${bytes} bytes, and ${MAX_STATE_BYTES} at most are kept`)
  }
}
