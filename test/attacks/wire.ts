import { once } from 'node:events'
import { connect } from 'node:net'

/** What came back over a socket until the server closed it. */
export interface Heard {
  readonly text: string
  /** Status of each answer. */
  readonly statuses: readonly number[]
}

/** Sends raw bytes to a port of this machine and listens until the server closes. */
export async function speak(port: number, ...parts: readonly (string | Buffer)[]): Promise<Heard> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let text = ''
  socket.on('data', data => (text += data.toString('latin1')))
  // The server may close before we have said everything.
  socket.on('error', () => {})
  for (const part of parts) socket.write(part)
  await once(socket, 'close')
  return { text, statuses: [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(m => Number(m[1])) }
}

/** The lines of a request with the ends that HTTP wants. */
export const lines = (...all: readonly string[]): string => `${all.join('\r\n')}\r\n`
