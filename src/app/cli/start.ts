import { once } from 'node:events'
import { createServer } from 'node:net'
import { systemClock } from '../../platform/clock.ts'
import { codeOf, PlatformError } from '../../platform/error.ts'
import { keepRenewing, readCertificate, renewal } from '../certificate.ts'
import { shippedRules } from '../compose.ts'
import { dataConfig, type ServeConfig, serveConfig } from '../config.ts'
import { renewCertificate } from '../http/listener.ts'
import { buildServer, type Server } from '../server.ts'
import { openWorld } from '../world.ts'
import { type Call, DATA_FLAGS, type Ending, LANES_FLAG, type Verb } from './verb.ts'

export const start: Verb = {
  name: 'start',
  summary: 'run Andon and its database until Ctrl-C',
  about: [
    'Starts PostgreSQL (unless DATABASE_URL is set) and Andon, and prints one URL. Ctrl-C finishes what is at hand.',
  ],
  flags: {
    ...DATA_FLAGS,
    ...LANES_FLAG,
    port: { kind: 'text', value: 'n', help: 'port to listen on (default 4680, 0: any free one)' },
    host: { kind: 'text', value: 'address', help: 'address to listen on (default 127.0.0.1)' },
  },
  run,
}

async function run({ flags, terminal, stop }: Call): Promise<Ending> {
  const config = dataConfig(flags)
  const serving = serveConfig(flags)
  const rules = await shippedRules()
  const certificate = serving.tls && readCertificate(serving.tls)
  // Before the database, so that a taken port is told at once.
  await probe(serving)
  const lost = new AbortController()
  const { log } = terminal
  const world = await openWorld(config, {
    kinds: ['live'],
    mayAttach: false,
    onProgress: terminal.progress,
    warn: terminal.warn,
    mayFound: true,
    onLost: reason => lost.abort(reason),
  })
  const server = buildServer({ world, log, config, serving, rules, certificate })
  try {
    await server.start()
    const address = await listen(server.app, serving)
    if (serving.tls) {
      const look = renewal(serving.tls, next => renewCertificate(server.app, next), log)
      void keepRenewing(look, systemClock, AbortSignal.any([stop, lost.signal]))
    }
    terminal.settle()
    terminal.line(`Andon runs at ${address}`)
    await ended([stop, lost.signal])
    if (lost.signal.aborted) terminal.warn(`The database is gone: ${lost.signal.reason}`)
    terminal.progress('Stopping')
    return { ok: !lost.signal.aborted, counts: {} }
  } finally {
    await server.stop()
    await world.close()
  }
}

async function probe(serving: ServeConfig): Promise<void> {
  const server = createServer()
  await listening(serving, () => once(server.listen(serving.port, serving.host), 'listening'))
  server.close()
  await once(server, 'close')
}

const listen = (app: Server['app'], serving: ServeConfig): Promise<string> =>
  listening(serving, () => app.listen({ host: serving.host, port: serving.port }))

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken',
  EACCES: 'may not be used by this account',
  EADDRNOTAVAIL: 'cannot be used: the address is not of this machine',
}

/** @throws PlatformError PORT_TAKEN */
async function listening<T>({ host, port }: ServeConfig, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const why = WHY[codeOf(error)]
    if (why === undefined) throw error
    throw new PlatformError('PORT_TAKEN', `Port ${port} of ${host} ${why}: choose another with --port.`, {
      cause: error,
    })
  }
}

/** Resolves when one of the signals is aborted. */
function ended(signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals])
  if (any.aborted) return Promise.resolve()
  return new Promise(resolve => any.addEventListener('abort', () => resolve(), { once: true }))
}
