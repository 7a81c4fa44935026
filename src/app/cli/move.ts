import { dropWorld, readWorld, setWorld } from '../../pipeline/queries/world.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Connection } from '../../platform/connection.ts'
import { connect, type Database } from '../../platform/database.ts'
import { Sealer } from '../../platform/seal.ts'
import { moveBetween } from '../backup/restore.ts'
import { dataConfig, moveTarget } from '../config.ts'
import { masterKey } from '../keys.ts'
import { openDatabase } from '../open-database.ts'
import { isFounded, MOVED_TO } from '../world.ts'
import { requireQuiet } from './backup.ts'
import { switchFlag } from './flags.ts'
import { countText } from './pace.ts'
import { tellVerb } from './told.ts'
import { UsageError } from './usage-error.ts'
import { type Call, DATA_FLAGS, type Ending, type Verb } from './verb.ts'

export const moveVerb: Verb = {
  name: 'move',
  summary: 'move everything into another PostgreSQL',
  about: [
    'Copies every row into the empty database that --to names, compares every table, and marks the old one so that it is not',
    'started again by mistake. Andon has to be stopped meanwhile. Afterwards set DATABASE_URL to the same address; the',
    'master key stays where it is.',
  ],
  flags: {
    ...DATA_FLAGS,
    to: {
      kind: 'text',
      value: 'url',
      help: 'postgres://user:password@host/database (default ANDON_MOVE_TO, or ANDON_MOVE_TO_FILE)',
    },
    undo: { kind: 'switch', help: 'go back: take the mark off, and use the old database again' },
  },
  run,
}

async function run(call: Call): Promise<Ending> {
  const { flags, terminal } = call
  const config = dataConfig(flags)
  if (!isFounded(config))
    throw new UsageError(`There is no Andon in ${config.dataDir}: choose its data directory with --data.`)
  const url = switchFlag(flags, 'undo') ? null : moveTarget(flags)
  const source = await openDatabase(config, { mayAttach: false, onProgress: terminal.progress, onLost: terminal.warn })
  try {
    await requireQuiet(source)
    await tellVerb(call, { db: source.db, sealer: new Sealer(masterKey(config.dataDir, config.masterKey).bytes) })
    return url === null ? await undo(call, source.db) : await move(call, source.db, url)
  } finally {
    await source.close()
  }
}

async function undo({ terminal }: Call, db: Database): Promise<Ending> {
  await dropWorld(db, MOVED_TO)
  terminal.line('The mark is off: this database is used again. What happened in the other one since is not in it.')
  return { ok: true, counts: {} }
}

async function move({ terminal, stop }: Call, source: Database, url: string): Promise<Ending> {
  const there = (await readWorld(source)).get(MOVED_TO)
  if (there !== undefined)
    throw new UsageError(`This database was moved to ${there} already: andon move --undo takes that back.`)
  const started = systemClock.now()
  const target = await connect({ url, statementTimeout: 0 })
  try {
    if (isSame(source.connection(), target.connection()))
      throw new UsageError('--to names the database that is in use already.')
    const { tables, rows } = await moveBetween(source, target, { stop, say: terminal.progress })
    const place = placeOf(target.connection())
    await setWorld(source, MOVED_TO, place)
    const seconds = (systemClock.now() - started) / 1000
    terminal.line(
      `${countText(rows)} rows of ${tables} tables are in ${place}, each table compared, in ${seconds.toFixed(1)} s.`,
    )
    terminal.line(
      'Set DATABASE_URL to that address from now on, and keep the master key: start Andon, then run andon verify-ledger.',
    )
    return { ok: true, counts: { tables, rows, seconds, to: place } }
  } finally {
    await target.close()
  }
}

const isSame = (a: Connection, b: Connection): boolean => placeOf(a) === placeOf(b)

/** Where a database is, without who may enter. */
const placeOf = ({ host, port, database }: Connection): string => `${host}:${port}/${database}`
