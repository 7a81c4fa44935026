import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Route, routes } from '../../src/contract/api/index.ts'
import type { Right } from '../../src/contract/rights.ts'
import { bucketOf } from '../../src/kernel/bucket.ts'
import { readAnchors } from '../../src/pipeline/anchor.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { until } from '../pipeline/world.ts'
import { followed } from '../support/followed.ts'
import { ADMINISTRATOR, type Api, assertProblem, event, type Of, openApi, person, placed } from './api.ts'

const api = await openApi()
type Page = Of<'listAudit'>
type Entry = Page['items'][number]
const audit = async (query = '', who: Api = api): Promise<Page> => {
  const answer = await who.get<Page>(`/v1/audit?${query}`)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}
const without = (right: Right, by: string) => {
  const { [right]: _, ...rest } = ADMINISTRATOR.rights
  return api.as(person(by, rest))
}

await api.tell(
  placed('A-1', {}, { time: '2026-02-01T08:00:00Z' }),
  event('parcel.handed_over', { ref: { orderNo: 'A-1' } }, { time: '2026-01-31T08:00:00Z' }),
)
const { id: caseId, stream } = (await api.get<Of<'listCases'>>('/v1/cases?order=A-1')).body.items[0]!
/** Commands are found when the follower has read their ledger rows. */
const caughtUp = () => followed(api.db)

test('what people decide about orders is found beside the trail, with who, for whom and how it ended', async () => {
  const behalf = { 'x-andon-actor': 'user:ben' }
  await api.as(person('crm')).post(`/v1/cases/${caseId}/acknowledge`, {}, behalf)
  assertProblem(await api.as(person('anna')).post(`/v1/cases/${caseId}/close`, {}), 409, 'cause_required')
  api.pipeline.projector.poke()
  await caughtUp()
  await until(async () => (await audit('actor=user:ben')).items.length > 0)
  const [ben] = (await audit('actor=user:ben')).items
  assert.deepEqual(
    [ben?.source, ben?.actor, ben?.behalf, ben?.verb, ben?.outcome, ben?.subject],
    ['ledger', 'user:crm', 'user:ben', 'case.acknowledged', 'done', { kind: 'order', id: stream, name: 'A-1' }],
  )
  const [anna] = (await audit(`actor=user:anna&subject=${stream}`)).items
  assert.deepEqual([anna?.verb, anna?.outcome, anna?.code], ['case.close', 'refused', 'cause_required'])
  assert.equal((await audit('actor=user:anna&source=trail')).items.length, 0)
  const feeds = (await audit('limit=200')).items.filter(i => /^(feed|system)/.test(i.actor))
  assert.deepEqual(feeds, [], 'what nobody decided is no deed')
})

test('a deed on a case tells from where, and what the case was before and after it', async () => {
  const [ben] = (await audit('actor=user:ben')).items
  assert.equal(ben?.address, '127.0.0.1')
  const changed = Object.fromEntries(ben!.changes.map(c => [c.path, [c.before, c.after]]))
  assert.deepEqual(changed.status, ['open', 'acknowledged'])
  assert.deepEqual(changed.owner, [null, 'user:ben'])
  assert.equal(changed.case, undefined)
  assert.equal(ben?.after?.case, caseId)
  assert.deepEqual((await audit('actor=user:ben&address=127.0.0.1')).items.length, 1)
  assert.deepEqual((await audit('actor=user:ben&address=10.9.9.9')).items.length, 0)
  const [sent] = (await audit(`verb=command.send&actor=user:ben`)).items
  assert.deepEqual([sent?.address, sent?.after?.command], ['127.0.0.1', 'case.acknowledge'])
  assert.equal((await audit('source=trail&actor=user:ben')).items.length, 0, 'it stands at its entry and nowhere else')
})

test('entries have names, for who may see them, and are found by what people call things', async () => {
  const { body } = await api.post<{ person: { handle: string } }>('/v1/people', {
    ...{ name: '赵 敏', mail: 'zhao.min@example.com', handle: 'zhaomin', roles: [{ role: 'auditor' }], teams: [] },
  })
  assert.equal(body.person.handle, 'zhaomin')
  await api.audit.record({ actor: 'user:zhaomin' }, { verb: 'role.create', subject: { kind: 'role', id: 'night' } })
  await api.audit.record(
    { actor: 'key:crm-sync', behalf: 'user:zhaomin' },
    { verb: 'order.reveal', subject: { kind: 'order', id: stream } },
  )
  const named = (e: Entry) => [e.actorName, e.behalfName, e.subject?.name]
  assert.deepEqual((await audit('actor=user:zhaomin')).items.map(named), [
    [null, '赵 敏', 'A-1'],
    ['赵 敏', null, null],
  ])
  const found = async (query: string, who: Api = api) =>
    (await audit(query, who)).items.filter(e => e.verb !== 'audit.export').map(e => e.verb)
  assert.deepEqual(await found(`q=${encodeURIComponent('赵 敏')}`), ['order.reveal', 'role.create', 'person.invite'])
  assert.deepEqual(await found('q=zhao.min@example'), ['order.reveal', 'role.create', 'person.invite'])
  assert.ok((await found('q=A-1')).includes('case.acknowledged'))
  assert.deepEqual(await found('about=A-1&verb=order.*'), ['order.reveal'])
  assert.deepEqual(await found(`about=${caseId}&verb=case.acknowledged`), ['case.acknowledged'])
  assert.deepEqual(await found('about=night'), ['role.create'])
  assert.deepEqual(await found('actor=key:*'), ['order.reveal'])
  assert.deepEqual(await found('q=zzz&words=role.create&actor=user:zhaomin'), ['role.create'])
  // Who may not see who works here is not told their names by the trail, neither shown nor searched for.
  const blind = without('user.read', 'blind')
  assert.deepEqual((await audit('actor=user:zhaomin', blind)).items.map(named), [
    [null, null, 'A-1'],
    [null, null, null],
  ])
  assert.deepEqual(await found(`q=${encodeURIComponent('赵 敏')}`, blind), [])
  assert.deepEqual(await found('q=zhao.min@example', without('user.manage', 'staff')), [])
  const file = (await api.get<string>('/v1/audit-export?about=A-1&verb=order.reveal')).body
  assert.match(file, /"order","[^"]+",.*"赵 敏","A-1"\r\n/)
})

test('a replayed row tells who did it; one that was refused again tells nothing was done', async () => {
  const good = { ...placed('A-2'), type: 'order.plced' }
  await api.post('/v1/events', good)
  const row = (await api.get<Of<'listQuarantine'>>('/v1/quarantine?code=unknown_type')).body.items[0]!
  assertProblem(await api.post(`/v1/quarantine/${row.id}/replay`, {}), 409, 'still_refused')
  assert.equal((await audit(`subject=${row.id}&outcome=done`)).items.length, 0)
  await api.audit.flushRefusals(true)
  const [refused] = (await audit('verb=quarantine.replay&outcome=refused')).items
  assert.equal(refused?.code, 'still_refused')
  const kept = {
    what: 'event',
    stored: '{"ref":{"channel":"web","orderNo":"A-1"}}',
    kind: 'order',
    bucket: 0,
    class: 2,
  }
  const times = { occurredAt: 1793520000000, recordedAt: 1793520000000, knownAt: 1793520000000, historical: false }
  const whole = { ...kept, ...times, id: 'thrown-1', stream, type: 'order.approved', v: 1, actor: 'feed:web' }
  await api.db.query(
    `insert into quarantine (bucket, id, stage, source, type, stream, code, error, at, status, row)
     select bucket, 'thrown-1', 'step', 'feed:web', 'order.approved', stream, 'threw', '{}', 1, 'open', $2
     from head where stream = $1`,
    [stream, JSON.stringify({ ...whole, bucket: bucketOf(stream) })],
  )
  assert.equal((await api.as(person('rita')).post('/v1/quarantine/thrown-1/replay', {})).status, 200)
  await api.pipeline.drained()
  const [done] = (await audit('actor=user:rita')).items
  assert.deepEqual([done?.verb, done?.subject?.id, done?.after?.code], ['quarantine.replay', 'thrown-1', 'threw'])
})

test('a verb that tells nothing of itself is told as it was asked, once', async () => {
  const job = (await api.as(person('vera')).post<Of<'getJob'>>('/v1/jobs/verify', {})).body
  await until(async () => (await api.get<Of<'getJob'>>(`/v1/jobs/${job.id}`)).body.status !== 'running')
  assert.deepEqual(
    (await audit('actor=user:vera')).items.map(e => e.verb),
    ['ledger.verify'],
  )
})

test('refusals are told once and counted: a million of them are a few rows', async () => {
  const anna = without('case.close', 'mallory')
  for (let i = 0; i < 40; i++) assertProblem(await anna.post(`/v1/cases/${caseId}/close`, {}), 403, 'not_allowed')
  await api.audit.flushRefusals()
  const told = (await audit('actor=user:mallory')).items
  assert.deepEqual(
    told.map(e => [e.verb, e.subject?.id, e.outcome, e.code, e.times]),
    [['access.refused', 'POST /v1/cases/{id}/close', 'refused', 'not_allowed', 40]],
  )
  assert.equal(told[0]?.address, '127.0.0.1')
  for (let i = 0; i < 40; i++) await anna.post(`/v1/cases/${caseId}/close`, {})
  await api.audit.flushRefusals()
  assert.equal((await audit('actor=user:mallory')).items.length, 1, 'repeats wait for the end of their minute')
  await api.audit.flushRefusals(true)
  assert.deepEqual(
    (await audit('actor=user:mallory')).items.map(e => e.times),
    [40, 40],
  )
})

test('what is tried under a verb of its own is refused under it', async () => {
  assertProblem(await without('audit.export', 'eve').get('/v1/audit-export'), 403, 'not_allowed')
  assertProblem(await without('audit.read', 'eve').get('/v1/audit'), 403, 'not_allowed')
  await api.audit.flushRefusals(true)
  assert.deepEqual((await audit('actor=user:eve')).items.map(e => e.verb).sort(), ['access.refused', 'audit.export'])
})

test('whoever varies what they try is counted together', async () => {
  for (let i = 0; i < 200; i++) await without('order.read', `many-${i}`).get('/v1/orders')
  await api.audit.flushRefusals(true)
  const rows = (await audit('verb=access.refused&limit=200')).items
  assert.ok(rows.length < 80, `${rows.length} rows`)
  const times = rows.filter(e => e.actor.startsWith('user:many-') || e.actor === 'many').map(e => e.times)
  assert.equal(
    times.reduce((a, b) => a + b, 0),
    200,
  )
  for (let i = 0; i < 50; i++) await api.as(null).get('/v1/orders', { 'user-agent': `a-${i}` })
  await api.as(null).get('/v1/cases')
  await api.audit.flushRefusals(true)
  const strangers = (await audit('actor=guest:nobody')).items
  assert.deepEqual(strangers.map(e => [e.subject?.id, e.times]).sort(), [
    ['GET /v1/cases', 1],
    ['GET /v1/orders', 50],
  ])
})

const seeded = async (count: number, by: string): Promise<void> => {
  for (let i = 0; i < count; i++)
    await api.audit.record(
      { actor: by, address: `10.0.0.${i % 3}` },
      {
        verb: i % 2 === 0 ? 'role.change' : 'user.invite',
        subject: { kind: 'role', id: `r-${i}` },
        before: { rights: ['order.read'], n: i },
        after: { rights: ['order.read', 'case.read'], n: i, name: '王小明' },
      },
    )
}

test('the list is filtered in every way and paged without a gap', async () => {
  await seeded(25, 'user:seed')
  const all = await audit('actor=user:seed')
  assert.equal(all.total?.count, 25)
  assert.equal((await audit('actor=user:seed&verb=role.*')).total?.count, 13)
  assert.equal((await audit('actor=user:seed&verb=role.change,user.invite')).total?.count, 25)
  assert.equal((await audit('actor=user:seed&subjectKind=role&subject=r-3')).total?.count, 1)
  assert.equal((await audit('actor=user:seed&address=10.0.0.1')).total?.count, 8)
  assert.equal((await audit('actor=user:seed&outcome=refused')).total?.count, 0)
  const middle = all.items[12]!.at
  const [before, after] = [await audit(`actor=user:seed&to=${middle}`), await audit(`actor=user:seed&from=${middle}`)]
  assert.equal(before.items.length + after.items.length, 25)
  for (const query of ['actor=user:seed', 'q=SEED', '']) {
    const seen: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: Page = await audit(`${query}&limit=4${next && `&cursor=${next}`}`)
      seen.push(...page.items.map(i => i.id))
      next = page.next
    }
    const whole = (await audit(`${query}&limit=200`)).items
    assert.deepEqual(
      seen,
      whole.map(i => i.id),
      query,
    )
    assert.deepEqual(
      whole.map(i => i.at),
      whole
        .map(i => i.at)
        .toSorted()
        .toReversed(),
      query,
    )
  }
  assertProblem(await api.get('/v1/audit?cursor=x'), 400, 'invalid_cursor')
})

test('text is found anywhere in an entry, as it stands: no part of it is a pattern', async () => {
  await api.audit.record({ actor: 'user:seed' }, { verb: 'config.change', after: { text: `50%_off' or 1=1 --` } })
  assert.equal((await audit(`q=${encodeURIComponent("50%_OFF' or")}`)).items.length, 1)
  assert.equal((await audit(`q=${encodeURIComponent('50%off')}`)).items.length, 0)
  assert.equal((await audit(`q=${encodeURIComponent('%')}&verb=config.*`)).items.length, 1)
})

test('an entry shows what changed, masked', async () => {
  const [found] = (await audit('actor=user:seed&verb=role.change')).items
  const entry = (await api.get<Entry>(`/v1/audit/${found!.id}`)).body
  assert.deepEqual(entry.changes, [
    { path: 'rights', before: ['order.read'], after: ['order.read', 'case.read'] },
    { path: 'name', before: null, after: '王*明' },
  ])
  assertProblem(await api.get('/v1/audit/none'), 404, 'audit_not_found')
})

test('the export is the list as a file, tells of itself, and runs nothing in a spreadsheet', async () => {
  const evil = ['=cmd|calc', '+1', '-2+3', '@SUM(A1)', '\t=1', ' =1', '＝1', 'plain "quoted", text']
  for (const id of evil) await api.audit.record({ actor: 'user:evil' }, { verb: 'x.y', subject: { kind: 'k', id } })
  const answer = await api.get<string>('/v1/audit-export?actor=user:evil')
  assert.match(String(answer.headers['content-type']), /^text\/csv/)
  assert.match(String(answer.headers['content-disposition']), /^attachment; filename="audit-[\d-]+\.csv"$/)
  const lines = answer.body.split('\r\n').filter(line => line.includes('user:evil'))
  assert.equal(lines.length, evil.length)
  for (const line of lines) {
    const cell = /"k","((?:[^"]|"")*)"/.exec(line)![1]!
    if (cell.startsWith('plain')) assert.equal(cell, 'plain ""quoted"", text')
    else assert.match(cell, /^'/, line)
  }
  const ndjson = await api.get<string>('/v1/audit-export?actor=user:evil&format=ndjson')
  const parsed = String(ndjson.body)
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Entry)
  assert.deepEqual(parsed.map(e => e.subject?.id.trim()).sort(), evil.map(e => e.trim()).sort())
  assert.equal((await audit('verb=audit.export&outcome=done&q=evil')).items.length, 2)
})

test('an anchor is signed by this world', async () => {
  const answer = await api.get<Of<'getAnchor'>>('/v1/anchor')
  const read = readAnchors(JSON.stringify(answer.body), new Sealer(Buffer.alloc(32, 7)))
  assert.ok('anchors' in read)
  assert.equal(read.anchors[0]?.links.filter(l => l.chain === 'ledger').length, 32)
})

/** What a stream's ledger records: events, and the commands on orders and cases. */
const inLedger = (id: string, route: Route): boolean => id === 'sendEvents' || route.tag === 'Commands'

/** They answer and leave nothing behind; or it is the passing of time in a practice world. */
const CHANGE_NOTHING = new Set([
  ...['checkRule', 'explainRule', 'previewRule', 'lintRules', 'checkTable', 'pasteTable', 'tryTable'],
  'advancePractice',
])

test('whatever changes something is told: a route that writes has a verb in the trail, or its ledger has it', () => {
  for (const [id, route] of Object.entries<Route>(routes)) {
    if (route.method === 'GET' || CHANGE_NOTHING.has(id)) continue
    assert.ok(inLedger(id, route) !== (route.audit !== undefined), `${id} needs a verb of the trail: see Route.audit`)
  }
})
