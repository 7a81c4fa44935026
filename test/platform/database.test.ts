import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemClock } from '../../src/platform/clock.ts'
import { copyJson } from '../../src/platform/copy-in.ts'
import { connect, type Database } from '../../src/platform/database.ts'
import { writableHost } from '../../src/platform/hosts.ts'
import { KeptConnection } from '../../src/platform/kept-connection.ts'
import { isRetryable, retrying } from '../../src/platform/retry.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from './processes.ts'

let own: TestDatabase
let database: Database

before(async () => {
  own = await testDatabase({ migrated: false })
  database = await connect({ connection: own.connection })
  await database.query('create table thing (id int primary key, amount bigint, body json, facts jsonb)')
})
after(async () => {
  await database.close()
  await own.drop()
})

const countOf = async (id: number): Promise<number> => {
  const { rows } = await database.query<{ n: number }>('select count(*) as n from thing where id = $1', [id])
  return rows[0]?.n ?? -1
}

test('bigint arrives as a number, json as the stored text, jsonb as a value', async () => {
  const { rows } = await database.query(
    `select 1700000000000::bigint as at, array[1, null, 3]::bigint[] as list, '{"b": 1,  "a":2}'::json as body, '{"a":1}'::jsonb as facts`,
  )
  assert.deepEqual(rows, [{ at: 1700000000000, list: [1, null, 3], body: '{"b": 1,  "a":2}', facts: { a: 1 } }])
})

test('json arrives as a value where the caller asks for it', async () => {
  const other = await connect({ connection: own.connection, json: 'parsed' })
  const { rows } = await other.query(`select '{"a":1}'::json as body`)
  await other.close()
  assert.deepEqual(rows, [{ body: { a: 1 } }])
})

test('a bigint that a number cannot hold is an error, never rounded', async () => {
  await assert.rejects(database.query('select 9007199254740993::bigint as n'), RangeError)
})

test('a url with a socket connects to the same database', async () => {
  const other = await connect({ url: own.url })
  const { rows } = await other.query('select current_database() as name')
  await other.close()
  assert.deepEqual(rows, [{ name: own.connection.database }])
})

test('a transaction keeps all or nothing', async () => {
  await database.transaction(async tx => void (await tx.query('insert into thing (id) values (1)')))
  assert.equal(await countOf(1), 1)
  const failing = database.transaction(async tx => {
    await tx.query('insert into thing (id) values (2)')
    throw new Error('no')
  })
  await assert.rejects(failing, /^Error: no$/)
  assert.equal(await countOf(2), 0)
})

test('a commit that the server turned into a rollback is an error, even when the work hid the cause', async () => {
  const hiding = database.transaction(async tx => {
    await tx.query('insert into thing (id) values (3)')
    await tx.query('select 1/0').catch(() => {})
  })
  await assert.rejects(hiding, { code: 'COMMIT_LOST' })
  assert.equal(await countOf(3), 0)
})

for (const pipeline of [true, false]) {
  test(`a batch is one transaction (pipeline: ${pipeline})`, async () => {
    const lane = await database.dedicated({ pipeline })
    const id = pipeline ? 10 : 20
    const insert = (n: number) => ({ text: 'insert into thing (id) values ($1)', values: [n] })
    const results = await lane.batch([insert(id), insert(id + 1), { text: 'select 7 as seven' }])
    assert.deepEqual(
      results.map(r => [r.command, r.rowCount]),
      [
        ['INSERT', 1],
        ['INSERT', 1],
        ['SELECT', 1],
      ],
    )
    await assert.rejects(lane.batch([insert(id + 2), insert(id), insert(id + 3)]), { code: '23505' })
    assert.equal(await countOf(id + 2), 0)
    await lane.batch([insert(id + 2)])
    assert.equal(await countOf(id + 2), 1)
    await lane.end()
  })
}

const COPY_THING = 'copy thing (id, amount, body) from stdin'

test('rows go by COPY in the flight of a transaction, and every text arrives as it was', async () => {
  const lane = await database.dedicated({ pipeline: true, prepare: true })
  const texts = [
    '',
    ' ',
    '\\',
    '\\N',
    '\\.',
    'a\tb\r\nc',
    '中文 \u{1F600}',
    '"\\u0041"',
    '\u0001\u007f',
    'x'.repeat(300_000),
  ]
  const rows = texts.map((text, i) => `${100 + i}\t\\N\t${copyJson(JSON.stringify({ text }))}\n`).join('')
  const [, copied] = await lane.batch([
    { text: 'delete from thing where id >= $1', values: [100] },
    { text: COPY_THING, rows },
    { text: 'update thing set amount = $1 where id >= 100', values: [7] },
  ])
  await lane.end()
  assert.deepEqual([copied!.command, copied!.rowCount], ['COPY', texts.length])
  const kept = await database.query<{ amount: number; body: string }>(
    'select amount, body from thing where id >= 100 order by id',
  )
  assert.deepEqual(
    kept.rows,
    texts.map(text => ({ amount: 7, body: JSON.stringify({ text }) })),
  )
})

for (const pipeline of [true, false])
  test(`a COPY that fails, before its rows or among them, leaves nothing behind and the connection in order (${pipeline})`, async () => {
    const lane = await database.dedicated({ pipeline, prepare: true })
    const many = Array.from({ length: 20_000 }, (_, i) => `${1000 + i}\t1\t{}\n`).join('')
    const failing: [text: string, rows: string, code: string][] = [
      ['copy nothing_such (id) from stdin', many, '42P01'],
      [COPY_THING, `999\t1\tno json\n${many}`, '22P02'],
      [COPY_THING, `${many}1000\t1\t{}\n`, '23505'],
      [COPY_THING, `${many}1\t1\n`, '22P04'],
      [COPY_THING, `1\t1\t"\0"\n${many}`, '22021'],
    ]
    for (const [text, rows, code] of failing) {
      const after = { text: 'insert into thing (id) values ($1)', values: [500] }
      await assert.rejects(
        lane.batch([after, { text, rows }, { ...after, values: [501] }, { text: COPY_THING, rows: '502\t1\t{}\n' }]),
        { code },
      )
    }
    await lane.batch([{ text: COPY_THING, rows: '503\t1\t{}\n' }])
    await lane.end()
    const { rows } = await database.query('select id from thing where id >= 500')
    assert.deepEqual(rows, [{ id: 503 }])
    await database.query('delete from thing')
  })

test('a server process that is ended while it waits in a COPY: the connection counts as lost, nothing is kept', async () => {
  const lane = await database.dedicated({ pipeline: true, prepare: true })
  const { rows } = await lane.query<{ pid: number }>('select pg_backend_pid() as pid')
  const other = await database.dedicated()
  await other.query('begin')
  await other.query('insert into thing (id) values (701)')
  // It waits for the other's row.
  const lost = assert.rejects(lane.batch([{ text: COPY_THING, rows: '700\t1\t{}\n701\t1\t{}\n' }]), isRetryable)
  const waits = `select 1 from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'`
  await eventually(async () => (await database.query(waits, [rows[0]!.pid])).rows.length > 0, 'it waits for the row')
  await database.query('select pg_terminate_backend($1)', [rows[0]!.pid])
  await lost
  await other.query('rollback')
  await Promise.all([lane.end(), other.end()])
  assert.deepEqual((await database.query('select id from thing where id >= 700')).rows, [])
})

test('a connection that is kept is opened anew after a loss, and ends after what is under way', async () => {
  const kept = new KeptConnection(database)
  const [first] = await kept.batch([{ text: 'select pg_backend_pid() as pid' }])
  await database.query('select pg_terminate_backend($1)', [first!.rows[0]!.pid])
  const insert = { text: 'insert into thing (id) values ($1)', values: [801] }
  await retrying(() => kept.batch([insert]), { clock: systemClock, random: () => 0 })
  const last = kept.batch([{ ...insert, values: [802] }])
  await kept.end()
  await last
  assert.deepEqual((await database.query('select id from thing where id >= 800 order by id')).rows, [
    { id: 801 },
    { id: 802 },
  ])
  // What comes after the end is done, and leaves no connection behind that nobody would close.
  const [late] = await kept.batch([{ text: 'select pg_backend_pid() as pid' }])
  const lives = 'select 1 from pg_stat_activity where pid = $1'
  await eventually(async () => (await database.query(lives, [late!.rows[0]!.pid])).rowCount === 0, 'it is closed')
})

test('the hook sees every statement: pool, transaction, lane', async () => {
  const seen: string[] = []
  const stop = database.onQuery(text => seen.push(text))
  await database.query('select 1 as pool')
  await database.transaction(async tx => void (await tx.query('select 2 as tx')))
  const lane = await database.dedicated({ pipeline: true })
  await lane.batch([{ text: 'select 3 as lane' }])
  await lane.end()
  stop()
  await database.query('select 4 as unseen')
  assert.deepEqual(seen, [
    'select 1 as pool',
    'begin',
    'select 2 as tx',
    'commit',
    'begin',
    'select 3 as lane',
    'commit',
  ])
})

test('after its connections were cut, the next call works again', async () => {
  const victim = await connect({ connection: own.connection })
  const cut = victim.query('select pg_terminate_backend(pg_backend_pid())')
  await assert.rejects(cut, (error: unknown) => isRetryable(error))
  assert.deepEqual((await victim.query('select 1 as n')).rows, [{ n: 1 }])
  await victim.close()
})

test('of several hosts the one that accepts writes is taken', async () => {
  const standby = await testDatabase({ migrated: false })
  const name = standby.connection.database
  await database.query(`alter database "${name}" set default_transaction_read_only = on`)
  const nobody = { ...own.connection, host: '127.0.0.1', port: 1 }
  assert.equal(await writableHost([nobody, standby.connection, own.connection]), own.connection)
  await assert.rejects(writableHost([nobody, standby.connection]), { code: 'NO_WRITABLE_HOST' })
  await assert.rejects(writableHost([nobody]), { code: 'DATABASE_UNREACHABLE' })
  await standby.drop()
})

test('a database that does not exist is named, without the password', async () => {
  const wrong = connect({ connection: { ...own.connection, database: 'nowhere', password: 'pst' } })
  await assert.rejects(wrong, (error: Error & { code?: string }) => {
    assert.equal(error.code, 'DATABASE_REFUSED')
    assert.match(error.message, /"nowhere" does not exist/)
    assert.doesNotMatch(error.message, /pst/)
    return true
  })
})
