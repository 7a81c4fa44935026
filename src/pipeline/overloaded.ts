/** Too much waits already to take in more. */
export class Overloaded extends Error {
  readonly code = 'overloaded'
}
