/**
 * What time it is in the world that the server keeps: real time when it is live; a practice world has a clock of its own,
 * which runs faster, stands, and waits. Everything that compares with now reads it here.
 */
interface Line {
  /** Epoch ms of the world at `real`. */
  readonly at: number
  readonly real: number
  /** World ms per ms, as it was asked for and as it is gone on with. */
  readonly speed: number
  readonly pace: number
}

let line: Line | null = null

export const worldNow = (): number =>
  line === null ? Date.now() : Math.floor(line.at + (Date.now() - line.real) * line.pace)

/**
 * Sets what the server told of its clock a moment ago.
 * @param behind the world waits for the machine: it goes on as fast as it did since the last answer, so that no clock here
 * runs ahead of it
 */
export const setWorldTime = (at: number, speed: number, behind = false): void => {
  const real = Date.now()
  // The same answer, read by another part of the page.
  if (line?.at === at && line.speed === speed) return
  const seen = line === null || real === line.real ? speed : Math.max(0, (at - line.at) / (real - line.real))
  line = { at, real, speed, pace: behind ? Math.min(speed, seen) : speed }
}
