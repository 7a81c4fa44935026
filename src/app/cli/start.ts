import { once } from 'node:events'
import { createServer } from 'node:net'
import { ADMINISTRATOR, firstRunLink, holdersOf, newToken } from '../../modules/access/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { codeOf, PlatformError } from '../../platform/error.ts'
import { keepRenewing, readCertificate, renewal } from '../certificate.ts'
import { shipped } from '../compose.ts'
import {
  backupSettings,
  dataConfig,
  namesFile,
  practiceDataConfig,
  type ServeConfig,
  seedFlag,
  serveConfig,
} from '../config.ts'
import { renewCertificate } from '../http/listener.ts'
import { readNames } from '../names.ts'
import { openPracticeDoor } from '../practice/entry.ts'
import { eraseWorld, offerPractice, openPractice, type PracticeSession } from '../practice/session.ts'
import { buildServer, type Server } from '../server.ts'
import { openWorld, type World } from '../world.ts'
import { switchFlag } from './flags.ts'
import type { Terminal } from './terminal.ts'
import { tellVerb } from './told.ts'
import { UsageError } from './usage-error.ts'
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
    practice: { kind: 'switch', help: 'a shop that lives in a world of its own (default data ./data-practice)' },
    seed: { kind: 'text', value: 'n', help: 'of the practice shop: the same number, the same story (default 1)' },
  },
  run,
}

async function run(call: Call): Promise<Ending> {
  const practising = switchFlag(call.flags, 'practice')
  const given = serveConfig(call.flags)
  // The shop speaks to this machine in plain HTTP, whatever stands before a live world.
  let serving = practising ? { ...given, tls: undefined } : given
  let seed = seedFlag(call.flags)
  // One link leads into every practice world of this process.
  const token = newToken()
  for (;;) {
    const { ending, again, port } = await runWorld(call, { serving, seed, practising, token })
    if (again === undefined) return ending
    // A practice world that was thrown away begins anew at the same address.
    serving = { ...serving, port }
    seed = again
  }
}

interface Given {
  readonly serving: ServeConfig
  readonly seed: number | undefined
  readonly practising: boolean
  readonly token: string
}

interface Ran {
  readonly ending: Ending
  /** The seed of the world that is wanted next. */
  readonly again?: number
  readonly port: number
}

async function runWorld(call: Call, { serving, seed, practising, token }: Given): Promise<Ran> {
  const { flags, terminal } = call
  const { log } = terminal
  const config = practising ? practiceDataConfig(flags) : dataConfig(flags)
  const release = await shipped()
  // A practice world has the names of its own shop.
  const names = practising ? {} : readNames(namesFile(config.dataDir))
  const backups = backupSettings(flags, config.dataDir)
  const certificate = serving.tls && readCertificate(serving.tls)
  // Before the database, so that a taken port is told at once.
  await probe(serving)
  const lost = new AbortController()
  const world = await openWorld(config, {
    kinds: [practising ? 'practice' : 'live'],
    mayAttach: false,
    onProgress: terminal.progress,
    warn: terminal.warn,
    mayFound: true,
    onLost: reason => lost.abort(reason),
  })
  let again: number | undefined
  try {
    if (!practising) await demandAdministrator(world, serving)
    await tellVerb(call, world)
    const practice = practising
      ? await openPractice({ config, db: world.db, log, seed: seed ?? 1, pipeline: () => server.pipeline })
      : offerPractice({ config, db: world.db, log, host: serving.host })
    const server = buildServer({ world, log, config, serving, release, certificate, practice, names, backups })
    const ran = await serve(call, { server, practice, serving, token, lost: lost.signal })
    again = ran.again
    return ran
  } finally {
    await world.close()
    if (again !== undefined) eraseWorld(config)
  }
}

interface Served {
  readonly server: Server
  readonly practice: PracticeSession
  readonly serving: ServeConfig
  readonly token: string
  readonly lost: AbortSignal
}

/** Until it is asked to stop, the database is gone, or a practice world is to begin anew. */
async function serve({ terminal, stop }: Call, { server, practice, serving, token, lost }: Served): Promise<Ran> {
  const { log } = terminal
  try {
    await server.start()
    const address = await listen(server.app, serving)
    if (serving.tls) {
      const look = renewal(serving.tls, next => renewCertificate(server.app, next), log)
      void keepRenewing(look, systemClock, AbortSignal.any([stop, lost]))
    }
    terminal.settle()
    terminal.line(`Andon runs at ${address}`)
    await letIn({ terminal, server, practice, address, token })
    await ended([stop, lost, practice.again])
    if (lost.aborted) terminal.warn(`The database is gone: ${lost.reason}`)
    terminal.progress('Stopping')
    const again = practice.again.aborted && !stop.aborted && !lost.aborted ? practice.again.reason : undefined
    return { ending: { ok: !lost.aborted, counts: {} }, again, port: Number(new URL(address).port) }
  } finally {
    await practice.end().catch(error => log.warn('the practice did not end cleanly', { error: String(error) }))
    await server.stop()
  }
}

/** Tells how the first person comes in, and lets the shop of a practice world in. */
async function letIn(at: {
  terminal: Terminal
  server: Server
  practice: PracticeSession
  address: string
  token: string
}): Promise<void> {
  const { terminal, server, practice, address, token } = at
  server.access.listensAt(address)
  if (practice.host !== null) {
    const { link, key } = await openPracticeDoor(server.access, token)
    terminal.line(`Come in at ${link}`)
    practice.begin({ url: address, key, link })
    return
  }
  const link = await firstRunLink(server.access)
  if (link !== null) terminal.line(`Make the first administrator at ${link}`)
}

/** @throws UsageError: whoever reaches it first would make themselves its administrator */
async function demandAdministrator(world: World, { host, beyond }: ServeConfig): Promise<void> {
  if (!beyond || (await holdersOf(world.db, ADMINISTRATOR)).length > 0) return
  throw new UsageError(
    `There is no administrator yet: start without --host, make one, and then listen on ${host} as well.`,
  )
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
