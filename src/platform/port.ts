import { codeOf, PlatformError } from './error.ts'

/** A failed `listen` as one sentence that says what to do; other errors are returned as they are. */
export function listenFailure(error: unknown, at: { host: string; port: number }): unknown {
  const choose = 'choose another one with --port.'
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new PlatformError('PORT_TAKEN', `Port ${at.port} is taken by another program: stop that, or ${choose}`)
    case 'EACCES':
      return new PlatformError('PORT_TAKEN', `Port ${at.port} needs rights that this user lacks: ${choose}`)
    case 'EADDRNOTAVAIL':
      return new PlatformError(
        'PORT_TAKEN',
        `${at.host} is no address of this machine: choose another one with --host.`,
      )
    default:
      return error
  }
}
