/** The command line or the environment cannot be used as given; the message is one sentence that says what to change. */
export class UsageError extends Error {
  readonly code = 'usage'
}
