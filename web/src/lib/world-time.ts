/**
 * What time it is in the world that the server keeps: real time when it is live; a practice world has a clock of its own,
 * which runs faster, stands, and waits. Everything that compares with now reads it here.
 */
interface Line {
  /** Epoch ms of the world at `real`. */
  readonly at: number
  readonly real: number
  /** World ms per ms. */
  readonly pace: number
}

let line: Line | null = null

export const worldNow = (): number =>
  line === null ? Date.now() : Math.floor(line.at + (Date.now() - line.real) * line.pace)

/** A difference that one sees on a clock. */
const SEEN = 1000
const jumped = new Set<() => void>()

/** Is told when the world's time turns out to be another one than was shown. @returns what ends it */
export const onTimeJump = (listener: () => void): (() => void) => {
  jumped.add(listener)
  return () => void jumped.delete(listener)
}

/**
 * Sets what the server told of its clock a moment ago.
 * @param behind the world waits for the machine: it goes on as fast as it did since the last answer, so that no clock here
 * runs ahead of it
 */
export const setWorldTime = (at: number, speed: number, behind = false): void => {
  const real = Date.now()
  const shown = worldNow()
  // Of a world that waits and was not heard of before nobody knows how fast it is.
  const seen = line === null ? 0 : real === line.real ? line.pace : Math.max(0, (at - line.at) / (real - line.real))
  line = { at, real, pace: behind ? Math.min(speed, seen) : speed }
  if (Math.abs(at - shown) >= SEEN) for (const tell of jumped) tell()
}
