/**
 * What time it is in the world that the server keeps: real time when it is live; a practice world has a clock of its own,
 * which runs faster, stands, and waits. Everything that compares with now reads it here.
 */
interface Line {
  /** Epoch ms of the world at `real`. */
  readonly at: number
  readonly real: number
  /** World ms per ms. */
  readonly speed: number
}

let line: Line | null = null

export const worldNow = (): number =>
  line === null ? Date.now() : Math.floor(line.at + (Date.now() - line.real) * line.speed)

/** Sets what the server told of its clock a moment ago. */
export const setWorldTime = (at: number, speed: number): void => {
  line = { at, real: Date.now(), speed }
}
