import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucketOf } from '../../src/kernel/bucket.ts'
import { HOUR } from '../../src/kernel/instant.ts'
import { verifyLedger } from '../../src/pipeline/verify.ts'
import { about, caseOf, impossible, loadDeps, message, openWorld, placed, START, streamOf } from './world.ts'

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

test('when the salt is destroyed the data is gone, the facts remain and the chain still holds', async () => {
  await world.tell(order('C'))
  const stream = streamOf('C')
  const before = await world.facts(stream)
  await world.look.query('delete from salt where bucket = $1 and stream = $2', [bucketOf(stream), stream])
  const after = await world.facts(stream)
  assert.ok(!JSON.stringify(after).includes(name))
  assert.equal(after[0]!.body.$erased, true)
  assert.deepEqual(after[0]!.body.lines, before[0]!.body.lines)
  assert.equal(after.length, before.length)
  assert.deepEqual((await verifyLedger(world.look, loadDeps().sealer)).problems, [])
})

test('an order whose data was erased lives on, and may get new personal data', async () => {
  const stream = streamOf('C')
  await world.tell(about('C', 'parcel.delivered', world.clock.now(), { signedBy: SECRETS.signedBy }))
  // Also for a node that must read it anew.
  const loaded = (await world.facts(stream, loadDeps())).map(f => [f.type, f.body.signedBy, f.body.$erased])
  assert.deepEqual(loaded, [
    ['order.placed', undefined, true],
    ['parcel.delivered', SECRETS.signedBy, undefined],
  ])
  assert.deepEqual(await world.rows('select status from order_row where stream = $1', [stream]), [
    { status: 'delivered' },
  ])
  await assertSecret()
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
