import { systemPrincipal } from '../../contract/principal.ts'
import { isRight, RIGHT_IDS, type Right } from '../../contract/rights.ts'
import { DAY } from '../../kernel/instant.ts'
import {
  ADMINISTRATOR,
  AuditTrail,
  createKey,
  firstRunLink,
  holdersOf,
  Principals,
  personByHandle,
  personById,
  SESSION_LIFE,
  signInLink,
  USUAL_RATE,
} from '../../modules/access/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { newId } from '../compose.ts'
import { DEFAULT_PORT, dataConfig, outsideAddress } from '../config.ts'
import { openWorld, type World } from '../world.ts'
import { textFlag } from './flags.ts'
import { tellVerb } from './told.ts'
import { UsageError } from './usage-error.ts'
import { type Call, DATA_FLAGS, type Ending, type Verb } from './verb.ts'

/** Whoever has the database has everything: these verbs give it back to who was locked out, and keys to programs. */

const BY = { principal: systemPrincipal('cli'), who: { actor: 'system:cli' } }

export const signInLinkVerb: Verb = {
  name: 'sign-in-link',
  summary: 'print a link that signs in once, for an administrator who was locked out',
  about: [
    'Prints a link that signs in once, within ten minutes. Without --person it is for the first administrator; when there',
    'is none yet, the link makes one. The audit trail tells of it.',
  ],
  flags: {
    ...DATA_FLAGS,
    person: { kind: 'text', value: 'handle', help: 'who it signs in (default: the first administrator)' },
    url: { kind: 'text', value: 'address', help: 'where Andon is reached (default ANDON_URL, or this machine)' },
  },
  run: call => inWorld(call, world => printLink(call, world)),
}

export const keyVerb: Verb = {
  name: 'key',
  summary: 'make an API key',
  words: '<handle>',
  about: ['Makes an API key and prints it, this once. In the console one can narrow it, change it and end it.'],
  flags: {
    ...DATA_FLAGS,
    rights: {
      kind: 'text',
      value: 'list',
      help: 'rights with commas between them, such as event.write,order.read; or all',
    },
    rate: { kind: 'text', value: 'n', help: `requests a minute (default ${USUAL_RATE})` },
    days: { kind: 'text', value: 'n', help: 'ends after so many days (default: never)' },
  },
  run: call => inWorld(call, world => makeKey(call, world)),
}

async function inWorld(call: Call, work: (world: World) => Promise<Ending>): Promise<Ending> {
  const { flags, terminal } = call
  const world = await openWorld(dataConfig(flags), {
    ...{ kinds: ['live', 'practice'], mayAttach: true, mayFound: false },
    ...{ onProgress: terminal.progress, warn: terminal.warn, onLost: terminal.warn },
  })
  try {
    await tellVerb(call, world)
    return await work(world)
  } finally {
    await world.close()
  }
}

const now = (): number => systemClock.now()

async function printLink({ flags, terminal }: Call, { db, sealer }: World): Promise<Ending> {
  const url = textFlag(flags, 'url') ?? outsideAddress() ?? `http://127.0.0.1:${DEFAULT_PORT}`
  const deps = { db, now, url: () => url.replace(/\/+$/, ''), audit: new AuditTrail({ db, sealer, newId, now }) }
  const handle = textFlag(flags, 'person')
  const [first] = await holdersOf(db, ADMINISTRATOR)
  const person = handle !== undefined ? await personByHandle(db, handle) : first ? await personById(db, first) : null
  if (handle !== undefined && person === null) throw new UsageError(`There is nobody with the handle ${handle}.`)
  const link = person ? await signInLink(deps, BY.who, person) : await firstRunLink(deps)
  if (link === null) throw new UsageError('There is nobody whom it could sign in.')
  terminal.settle()
  terminal.line(link)
  return { ok: true, counts: { link, person: person?.handle ?? null } }
}

async function makeKey({ flags, terminal }: Call, { db, sealer }: World): Promise<Ending> {
  const handle = flags.words?.[0]
  if (handle === undefined) throw new UsageError('Name the key: andon key shop-sync --rights event.write.')
  const audit = new AuditTrail({ db, sealer, newId, now })
  const principals = new Principals({ sql: db, auth: { tokenIn: () => null }, now, ...SESSION_LIFE })
  const days = count(textFlag(flags, 'days'), 'days')
  const { token } = await createKey({ db, audit, principals, now, newId }, BY, {
    ...{ handle, name: handle, rights: rightsIn(textFlag(flags, 'rights')), shops: null, warehouses: null },
    ...{ addresses: [], quota: null, rate: count(textFlag(flags, 'rate'), 'rate') ?? USUAL_RATE },
    expiresAt: days === null ? null : now() + days * DAY,
  })
  terminal.settle()
  terminal.line(token)
  return { ok: true, counts: { key: token, handle } }
}

function rightsIn(text: string | undefined): readonly Right[] {
  if (text === undefined) throw new UsageError('Say with --rights what the key may do: event.write,order.read, or all.')
  if (text === 'all') return RIGHT_IDS
  return text.split(',').map(id => {
    if (isRight(id.trim())) return id.trim() as Right
    throw new UsageError(`There is no right ${id.trim()}: choose from ${RIGHT_IDS.join(', ')}.`)
  })
}

function count(text: string | undefined, name: string): number | null {
  if (text === undefined) return null
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new UsageError(`--${name} must be a whole number above 0.`)
}
