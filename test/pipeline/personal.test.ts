import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucketOf } from '../../src/kernel/bucket.ts'
import { HOUR } from '../../src/kernel/instant.ts'
import { keepAtDoor } from '../../src/pipeline/door.ts'
import { erasePerson, eraseStreams } from '../../src/pipeline/erase.ts'
import type { Pack } from '../../src/pipeline/packs.ts'
import { personQueries, personToken } from '../../src/pipeline/search.ts'
import { verifyLedger } from '../../src/pipeline/verify.ts'
import { followed } from '../support/followed.ts'
import { about, caseOf, impossible, loadDeps, message, openWorld, placed, START, streamOf, until } from './world.ts'

// Told through every field that may name a person, in every way in; no stored byte may say any of it.
const SECRETS = {
  name: '欧阳千寻',
  phone: '13912345678',
  email: 'qianxun@example.test',
  line1: '幸福路八十八号三单元',
  postcode: '200999',
  note: '请放在门卫老张那里',
  courier: '司机赵铁柱电话联系',
  signedBy: '欧阳的邻居冯婆婆',
  approver: '审核员钱小红',
  command: '客户欧阳说改天再送',
  closing: '和冯婆婆确认过了',
}
const world = await openWorld()
const { name, phone, email, line1, postcode, note } = SECRETS

/** Every row of every table as text, with bytes also read as UTF-8. */
async function everything(): Promise<Map<string, string>> {
  const tables = await world.rows<{ name: string }>(
    `select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = 'public'`,
  )
  const out = new Map<string, string>()
  for (const table of tables) {
    const rows = await world.rows(`select * from ${table.name}`)
    const bytes = rows.flatMap(row => Object.values(row)).filter(value => Buffer.isBuffer(value))
    out.set(table.name, JSON.stringify(rows) + bytes.map(b => b.toString('utf8')).join(' '))
  }
  return out
}

async function assertSecret(): Promise<void> {
  const all = await everything()
  assert.ok(all.size > 15)
  for (const [table, text] of all)
    for (const [field, secret] of Object.entries(SECRETS))
      assert.ok(!text.includes(secret), `${field} is readable in ${table}`)
}

const order = (orderNo: string) =>
  placed(orderNo, world.clock.now(), {
    customer: { name, phone, email },
    shipTo: { name, phone, line1, postcode, city: '上海', country: 'CN' },
    note,
  })

test('nothing of a person is readable anywhere, on none of the ways in', async () => {
  const at = world.clock.now()
  // Waits for its order, which is known by then; afterwards one that goes on waiting.
  await world.tell(about('A', 'parcel.delivered', at + HOUR, { signedBy: SECRETS.signedBy }))
  await assertSecret()
  await world.tell(order('A'), about('A', 'order.approved', at, { approver: SECRETS.approver }))
  await world.tell(about('B', 'parcel.delivered', at, { signedBy: SECRETS.signedBy }))
  await world.tell(
    message('parcel.exception', at, { ref: { orderNo: 'A' }, code: 'damaged', message: SECRETS.courier }),
  )
  await world.tell(...impossible('A', at))
  const submit = (type: string, body: object) =>
    world.pipeline.submit({ stream: streamOf('A'), type, body: { ...body }, actor: 'user:anna', idempotencyKey: type })
  const id = caseOf('A', 'impossible_sequence')
  await submit('order.note', { text: SECRETS.command })
  await submit('case.note', { case: id, text: SECRETS.command })
  const override = { reason: SECRETS.command }
  const closed = await submit('case.close', { case: id, cause: 'customer', result: SECRETS.closing, override })
  assert.equal(closed.status, 200)
  await world.pass(HOUR)
  await assertSecret()
  // The search is by whole values, blind: something must stand there, or nothing would be found.
  await followed(world.db)
  const [search] = await world.rows<{ grams: string[] }>('select grams from search_row where stream = $1', [
    streamOf('A'),
  ])
  assert.ok(search!.grams.filter(gram => gram.startsWith('~')).length >= 5)
})

test('whoever may see it sees it: facts come back in plain text', async () => {
  const facts = await world.facts(streamOf('A'))
  const said = JSON.stringify(facts)
  for (const [field, secret] of Object.entries(SECRETS)) assert.ok(said.includes(secret), field)
})

test('a row that is set aside keeps its personal data sealed', async t => {
  const versionOf = (type: string) => {
    if (type === 'order.edited') throw new Error('a defect')
    return type === 'finding.raised' ? 99_999 : 1
  }
  const other = await openWorld({ with: { versionOf } }, t)
  // Collected before it was placed: a finding, and findings cannot be written here.
  const collected = about('A', 'parcel.collected', START - 1, { message: SECRETS.courier })
  await other.tell(placed('A', START), about('A', 'order.edited', START, { customer: { name } }), collected)
  const rows = await other.rows<{ type: string }>('select * from quarantine')
  assert.deepEqual(rows.map(r => r.type).toSorted(), ['order.edited', 'parcel.collected'])
  for (const secret of [name, SECRETS.courier]) assert.ok(!JSON.stringify(rows).includes(secret))
})

test('an order that begins is sealed under the salt that stands there already, and keeps nothing where it was destroyed', async () => {
  const write = (orderNo: string, salt: Buffer | null) =>
    world.look.query('insert into salt (bucket, stream, salt, made_at) values ($1, $2, $3, 1)', [
      bucketOf(streamOf(orderNo)),
      streamOf(orderNo),
      salt,
    ])
  await write('stands', Buffer.alloc(16, 5))
  await write('destroyed', null)
  await world.tell(order('stands'), order('destroyed'), order('new'))
  const said = async (orderNo: string) => JSON.stringify(await world.facts(streamOf(orderNo))).includes(phone)
  assert.deepEqual(await Promise.all(['stands', 'destroyed', 'new'].map(said)), [true, false, true])
  const kept = await world.rows<{ salt: Buffer }>('select salt from salt where stream = $1', [streamOf('stands')])
  assert.deepEqual(kept[0]!.salt, Buffer.alloc(16, 5))
  await assertSecret()
})

const eraser = () => ({
  ...{ db: world.db, sealer: loadDeps().sealer, now: () => world.clock.now() },
  offer: (packs: readonly Pack[]) => world.pipeline.offer(packs),
})
const tokenOf = (text: string): string => personToken(loadDeps().sealer, personQueries(text).at(-1)!)
const erased = async (given: string) => {
  const asked = { tokens: [tokenOf(given)], until: world.clock.now() }
  const done = await erasePerson(eraser(), asked, { id: 'e-1', actor: 'user:dora' })
  await world.pipeline.drained()
  return done
}
const caughtUp = async () => {
  world.pipeline.projector.poke()
  await followed(world.db)
}
const CLARA = { name: '柯南克拉拉', phone: '13700001111', email: 'clara@example.test', id: 'C-4711' }
const claras = (orderNo: string, more: object = {}) =>
  placed(orderNo, world.clock.now(), {
    customer: CLARA,
    shipTo: { name: CLARA.name, phone: '+86 137-0000-1111', line1: '克拉拉路一号', district: '克拉拉区', city: '上海' },
    ...more,
  })
const over = (orderNo: string) => about(orderNo, 'order.cancelled', world.clock.now(), { reason: '克拉拉说不要了' })
/** Every text of hers; the telephone in both ways of writing. */
const HERS = [...Object.values(CLARA), '克拉拉路一号', '克拉拉区', '克拉拉说不要了', '柯***拉', '137-0000-1111']
const saysClara = async (orderNo: string): Promise<string[]> => {
  const facts = JSON.stringify(await world.facts(streamOf(orderNo)))
  return HERS.filter(text => facts.includes(text))
}

test('a person is erased by any of what they are known by: facts remain, the chain holds, nothing of them is left', async () => {
  const before = HERS.length
  await world.tell(claras('C-1'), over('C-1'), claras('C-2', { customer: { phone: '+86 137 0000 1111' } }), over('C-2'))
  assert.equal((await saysClara('C-1')).length, before - 1, 'all of it is there, but the mask')
  // A message of hers that waits for its order, and one that was refused at the door.
  await world.tell(about('C-9', 'parcel.delivered', world.clock.now(), { signedBy: CLARA.phone }))
  const text = JSON.stringify({ data: { customer: { phone: '0086 13700001111' } } })
  const refused = { source: 's', type: 'order.placed', code: 'x', error: {}, text }
  const other = { ...refused, text: JSON.stringify({ data: { customer: { phone: '13799999999' } } }) }
  await keepAtDoor(world.db, eraser(), [refused, other])
  await caughtUp()
  const { length } = await world.facts(streamOf('C-1'))
  const done = await erased(' 137 0000 1111 ')
  // Two orders and two messages.
  assert.deepEqual(done, { erased: 4, waiting: 0 })
  for (const orderNo of ['C-1', 'C-2']) {
    assert.deepEqual(await saysClara(orderNo), [])
    const facts = await world.facts(streamOf(orderNo))
    assert.equal(facts[0]!.body.$erased, true)
    assert.equal(facts[0]!.body.currency, 'CNY')
    assert.deepEqual([facts.at(-1)!.type, facts.at(-1)!.actor], ['person.erased', 'user:dora'])
  }
  assert.equal((await world.facts(streamOf('C-1'))).length, length + 1)
  assert.equal((await world.rows(`select 1 from quarantine where stage = 'door'`)).length, 1)
  assert.deepEqual((await verifyLedger(world.look, loadDeps().sealer)).problems, [])
  await caughtUp()
  for (const [table, stored] of await everything())
    for (const said of HERS) assert.ok(!stored.includes(said), `${said} is still in ${table}`)
  const rows = await world.rows('select customer_masked, erased from order_row where stream = any($1)', [
    ['C-1', 'C-2'].map(streamOf),
  ])
  assert.deepEqual(
    rows,
    [1, 2].map(() => ({ customer_masked: null, erased: true })),
  )
})

test('an erased person is found no more, however the follower and a rebuild go over it', async () => {
  const grams = async () =>
    (
      await world.rows<{ g: string }>('select unnest(grams) as g from search_row where stream = $1', [streamOf('C-1')])
    ).map(r => r.g)
  assert.deepEqual(
    (await grams()).filter(g => g.startsWith('~')),
    [],
  )
  assert.ok((await grams()).includes('=c-1'), 'the order itself is')
  await caughtUp()
  await world.look.query(`delete from follower where name = 'project'`)
  await world.look.query('truncate search_row')
  await caughtUp()
  await until(async () => (await grams()).includes('=c-1'))
  assert.deepEqual(
    (await grams()).filter(g => g.startsWith('~')),
    [],
  )
})

test('an order that is still worked on waits; when it has ended, the next look erases it', async () => {
  await world.tell(claras('C-3'))
  await caughtUp()
  assert.deepEqual(await erased(CLARA.id.toLowerCase()), { erased: 0, waiting: 1 })
  assert.ok((await saysClara('C-3')).length > 5)
  await world.tell(over('C-3'))
  await caughtUp()
  assert.deepEqual(await erased(CLARA.email), { erased: 1, waiting: 0 })
  assert.deepEqual(await saysClara('C-3'), [])
  assert.deepEqual(await erased(CLARA.email), { erased: 0, waiting: 0 })
})

test('what comes for an erased order is kept without the person; what is written on it can still be read', async () => {
  await world.tell(about('C-1', 'parcel.delivered', world.clock.now(), { signedBy: CLARA.name }))
  await world.tell(message('order.edited', world.clock.now() + HOUR, { ref: { orderNo: 'C-1' }, customer: CLARA }))
  assert.deepEqual(await saysClara('C-1'), [])
  const note = await world.pipeline.submit({
    ...{ stream: streamOf('C-1'), type: 'order.note', body: { text: '退款已核对' }, actor: 'user:anna' },
    idempotencyKey: 'n1',
  })
  assert.equal(note.status, 200)
  const facts = await world.facts(streamOf('C-1'))
  assert.equal(facts.at(-1)!.body.text, '退款已核对')
  assert.deepEqual((await everything()).get('ledger')?.includes('退款已核对'), false)
  const [row] = await world.rows('select customer_masked, erased from order_row where stream = $1', [streamOf('C-1')])
  assert.deepEqual(row, { customer_masked: null, erased: true })
  // A second request destroys that too, and the order goes on.
  await eraseStreams(eraser(), [{ stream: streamOf('C-1'), bucket: bucketOf(streamOf('C-1')) }], {
    ...{ id: 'e-2', actor: 'user:dora' },
  })
  await world.pipeline.drained()
  assert.ok(!JSON.stringify(await world.facts(streamOf('C-1'))).includes('退款已核对'))
  const again = await world.pipeline.submit({
    ...{ stream: streamOf('C-1'), type: 'order.note', body: { text: '再次核对' }, actor: 'user:anna' },
    idempotencyKey: 'n2',
  })
  assert.equal(again.status, 200)
  assert.equal((await world.facts(streamOf('C-1'))).at(-1)!.body.text, '再次核对')
})

test('a state that was stored before is stored anew: no old blob names the person', async () => {
  const notes = Array.from({ length: 26 }, (_, i) =>
    about('C-5', 'order.note_added', world.clock.now(), { text: `${i}` }),
  )
  await world.tell(claras('C-5'), ...notes)
  await world.tell(over('C-5'))
  const blob = async () =>
    (await world.rows<{ body: string }>('select body from state where stream = $1', [streamOf('C-5')]))[0]?.body ?? ''
  assert.ok((await blob()).includes('柯***拉'))
  await caughtUp()
  assert.equal((await erased(CLARA.phone)).erased, 1)
  assert.ok(!(await blob()).includes('柯***拉') && !(await blob()).includes(CLARA.id))
})

test('a salt that somebody took away is not an erasure: verify-ledger names the order', async () => {
  await world.tell(order('G'))
  const stream = streamOf('G')
  const [kept] = await world.rows<{ salt: Buffer }>('select salt from salt where stream = $1', [stream])
  await world.look.query('delete from salt where bucket = $1 and stream = $2', [bucketOf(stream), stream])
  const { problems } = await verifyLedger(world.look, loadDeps().sealer)
  assert.deepEqual(
    problems.map(p => p.what),
    [`the salt of stream ${stream} is gone, and no erasure tells of it`],
  )
  const back = [bucketOf(stream), stream, kept!.salt]
  await world.look.query('insert into salt (bucket, stream, salt, made_at) values ($1, $2, $3, 0)', back)
})

test('a sealed text that somebody changed is not taken for erased: reading it is an error, looking at it names it', async () => {
  await world.tell(order('F'))
  const where = 'bucket = $1 and stream = $2 and seq = 1'
  const values = [bucketOf(streamOf('F')), streamOf('F')]
  const set = (from: string, to: string) =>
    world.look.query(`update ledger set body = replace(body::text, $3, $4)::json where ${where}`, [...values, from, to])
  const [row] = await world.rows<{ body: string }>(`select body::text from ledger where ${where}`, values)
  const sealed = JSON.parse(row!.body).$sealed as string
  const changed = `${sealed.slice(0, 40)}${sealed[40] === 'A' ? 'B' : 'A'}${sealed.slice(41)}`
  await set(sealed, changed)
  await assert.rejects(world.facts(streamOf('F')), /order.placed of o-\S+ does not open with the salt of o-/)
  const shown = await world.facts(streamOf('F'), { ...loadDeps(), broken: 'mark' })
  assert.equal(shown[0]!.body.$unreadable, true)
  await set(changed, sealed)
  assert.ok(JSON.stringify(await world.facts(streamOf('F'))).includes(name))
})

test('a dump of the tables without the master secret does not tell whether two orders are of one person', async () => {
  await world.tell(order('D'), order('E'))
  const bodies = await world.rows<{ body: string }>(
    'select body::text from ledger where stream in ($1, $2) and seq = 1',
    [streamOf('D'), streamOf('E')],
  )
  const [d, e] = bodies.map(({ body }) => JSON.parse(body).$sealed as string)
  assert.ok(d && e && d !== e)
})
