import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CASE_SORTS } from '../../src/contract/api/index.ts'
import { assertProblem, event, type Of, openApi, person, placed } from './api.ts'

const api = await openApi()

// Delivered before it was handed over, and paid less than it costs: sure to open cases at once.
const trouble = (no: string, day = '01'): object[] => [
  placed(
    no,
    { promise: { grain: 'instant', to: `2026-03-${day}T10:00:00Z`, zone: 'UTC' } },
    { time: `2026-02-${day}T08:00:00Z` },
  ),
  event('order.approved', { ref: { orderNo: no } }, { time: `2026-02-${day}T09:00:00Z` }),
  event('parcel.handed_over', { ref: { orderNo: no } }, { time: `2026-02-${day}T10:00:00Z` }),
  event('parcel.delivered', { ref: { orderNo: no } }, { time: `2026-04-${day}T10:00:00Z` }),
]

for (let i = 1; i <= 5; i++) await api.tell(...trouble(`T-${i}`, `0${i}`))

const cases = async (query: string): Promise<Of<'listCases'>> => {
  const answer = await api.get<Of<'listCases'>>(`/v1/cases?${query}`)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body
}
const ofOrder = async (no: string) => (await cases(`order=${no}&type=delivered_late`)).items[0]!
const command = (id: string, verb: string, body: object = {}, headers: Record<string, string> = {}) =>
  api.post<Of<'noteCase'>>(`/v1/cases/${id}/${verb}`, body, headers)

test('cases are listed, filtered and paged', async () => {
  const late = await cases('type=delivered_late')
  assert.equal(late.total?.count, 5)
  assert.ok(late.items.every(c => c.status === 'open' && c.holds && c.name.zh === '晚于承诺送达'))
  const one = late.items[0]!
  assert.equal((await cases(`severity=${one.severity}&type=delivered_late`)).total?.count, 5)
  assert.equal((await cases(`order=${one.stream}&type=delivered_late`)).total?.count, 1)
  assert.equal((await cases('order=T-1&type=delivered_late')).total?.count, 1)
  assert.deepEqual(await cases('order=none-such'), { items: [], next: null, total: { count: 0, exact: true } })
  assert.equal((await cases('status=closed')).total?.count, 0)
  assert.equal((await cases('channel=elsewhere')).total?.count, 0)
  assert.equal((await cases('owner=none')).total?.count, (await cases('')).total?.count)
  assert.equal((await cases('openedTo=1990-01-01T00:00:00Z')).total?.count, 0)
  for (const sort of ['opened', 'severity']) {
    const seen: string[] = []
    let next = ''
    do {
      const page = await cases(`sort=${sort}&limit=3${next && `&cursor=${next}`}`)
      seen.push(...page.items.map(c => c.id))
      next = page.next ?? ''
    } while (next !== '')
    const total = (await cases('')).total?.count
    assert.deepEqual([seen.length, new Set(seen).size], [total, total], sort)
  }
  const bySeverity = (await cases('sort=severity&limit=200')).items.map(c => c.severity)
  assert.deepEqual(bySeverity, [...bySeverity].sort())
})

test('one case shows its evidence and its history; ETag', async () => {
  const { id } = await ofOrder('T-1')
  const { body, headers } = await api.get<Of<'getCase'>>(`/v1/cases/${id}`)
  assert.equal(body.findings[0]!.rule.id, 'delivered_late')
  assert.ok(Object.keys(body.findings[0]!.evidence).length > 0)
  assert.deepEqual(
    body.history.map(s => s.type),
    ['finding.raised', 'case.opened'],
  )
  assert.equal((await api.get<Of<'getCase'>>(`/v1/cases/${id}`, { 'if-none-match': String(headers.etag) })).status, 304)
  assertProblem(await api.get(`/v1/cases/c-${'0'.repeat(26)}`), 404, 'case_not_found')
})

test('findings are listed by rule, by order and by whether they hold', async () => {
  const late = (await api.get<Of<'listFindings'>>('/v1/findings?rule=delivered_late&holds=true&limit=2')).body
  assert.equal(late.total?.count, 5)
  const rest = (
    await api.get<Of<'listFindings'>>(`/v1/findings?rule=delivered_late&holds=true&limit=200&cursor=${late.next}`)
  ).body
  assert.equal(late.items.length + rest.items.length, 5)
  const { stream } = await ofOrder('T-2')
  assert.equal(
    (await api.get<Of<'listFindings'>>(`/v1/findings?order=${stream}&type=delivered_late`)).body.total?.count,
    1,
  )
  assert.equal((await api.get<Of<'listFindings'>>('/v1/findings?holds=false&rule=delivered_late')).body.total?.count, 0)
})

test('a case goes its way by commands, each in the history with its actor', async () => {
  const { id } = await ofOrder('T-1')
  const anna = api.as(person('anna'))
  for (const [verb, body, status] of [
    ['acknowledge', {}, 'acknowledged'],
    ['assign', { owner: 'user:ben', note: '请跟进' }, 'acknowledged'],
    ['start', {}, 'working'],
    ['note', { text: 'Called the carrier' }, 'working'],
    ['severity', { severity: 'P0', reason: 'Press' }, 'working'],
    ['resolve', { result: 'Apologised' }, 'resolved'],
    ['close', { cause: 'carrier', result: 'Refunded freight', override: { reason: 'It cannot be undone' } }, 'closed'],
    ['reopen', { reason: 'The customer called again' }, 'open'],
  ] as const) {
    const answer = await anna.post<Of<'closeCase'>>(`/v1/cases/${id}/${verb}`, body)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    assert.deepEqual([answer.body.result.status, answer.body.result.case], [status, id], verb)
  }
  const { history, reopened, severity } = (await api.get<Of<'getCase'>>(`/v1/cases/${id}`)).body
  assert.deepEqual([reopened, severity], [1, 'P0'])
  const mine = history.filter(s => s.actor === 'user:anna').map(s => s.type)
  assert.equal(mine.length, 8)
  assert.ok(
    history.some(s => s.data.text === 'Called the carrier'),
    'notes are for reading',
  )
})

test('what the domain refuses comes with its code and its sentence, and is recorded', async () => {
  const { id, stream } = await ofOrder('T-2')
  const cases: readonly (readonly [string, object, string])[] = [
    ['close', {}, 'cause_required'],
    ['close', { cause: 'carrier' }, 'result_required'],
    ['close', { cause: 'moon', result: 'x' }, 'cause_unknown'],
    ['close', { cause: 'carrier', result: 'x' }, 'anomaly_still_holds'],
    ['reopen', { reason: 'x' }, 'wrong_status'],
  ]
  for (const [verb, body, code] of cases) {
    const problem = assertProblem(await command(id, verb, body), 409, code)
    const { sentence } = problem.more as { sentence: { zh: string } }
    assert.match(sentence.zh, /[一-龥]/)
  }
  const ledger = (await api.get<Of<'getOrderLedger'>>(`/v1/orders/${stream}/ledger?limit=200`)).body
  assert.equal(ledger.items.filter(f => f.type === 'command.refused').length, cases.length)
})

test('the body of a command is checked before it is stored', async () => {
  const { id } = await ofOrder('T-3')
  for (const [verb, body, pointer] of [
    ['note', {}, '/text'],
    ['note', { text: '' }, '/text'],
    ['note', { text: 'a\0b' }, '/text'],
    ['assign', { owner: 7 }, '/owner'],
    ['severity', { severity: 'P9', reason: 'x' }, '/severity'],
    ['acknowledge', { colour: 'red' }, '/colour'],
    ['close', { cause: 'carrier', result: 'x'.repeat(3000) }, '/result'],
  ] as const) {
    const problem = assertProblem(await command(id, verb, body), 400, 'invalid_request')
    assert.equal(problem.errors?.[0]?.pointer, pointer)
  }
  assertProblem(await command(`c-${'0'.repeat(26)}`, 'acknowledge'), 404, 'case_not_found')
  assertProblem(await command('nonsense', 'acknowledge'), 400, 'invalid_request')
})

test('one Idempotency-Key, one command; its outcome stays to be asked for', async () => {
  const { id, stream } = await ofOrder('T-4')
  const key = { 'idempotency-key': 'once' }
  const first = await command(id, 'acknowledge', {}, key)
  const second = await command(id, 'acknowledge', {}, key)
  assert.deepEqual([first.status, second.body], [200, first.body])
  assertProblem(await command(id, 'acknowledge', {}), 409, 'wrong_status')
  const outcome = await api.get(`/v1/commands/${stream}/${first.body.id}`)
  assert.deepEqual([outcome.status, outcome.body], [200, first.body])
  assertProblem(await api.get(`/v1/commands/${stream}/${'0'.repeat(26)}`), 404, 'command_not_found')
})

test('a body is optional where nothing has to be said', async () => {
  const { id } = await ofOrder('T-5')
  const answer = await api.raw({ method: 'POST', url: `/v1/cases/${id}/acknowledge` })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
})

test('a case waits for somebody, ends the wait, is put aside and given back', async () => {
  const { id } = await ofOrder('T-3')
  const anna = { 'x-andon-actor': 'user:anna' }
  const soon = new Date(Date.now() + 3_600_000).toISOString()
  const shown = async () => (await api.get<Of<'getCase'>>(`/v1/cases/${id}`)).body
  const did = async (verb: string, body: object, status: string) => {
    const answer = await command(id, verb, body, anna)
    assert.deepEqual([answer.status, answer.body.result?.status], [200, status], JSON.stringify(answer.body))
  }
  await did('start', {}, 'working')
  const before = await shown()
  await did('wait', { for: 'party:carrier', until: soon, note: 'They look for it' }, 'waiting')
  const waiting = await shown()
  assert.deepEqual([waiting.waiting?.for, waiting.waiting?.until], ['party:carrier', soon])
  assert.ok(Date.parse(waiting.dueAt!) > Date.parse(before.dueAt!), 'a wait moves the deadline')
  assert.deepEqual(
    waiting.segments.map(s => [s.kind, s.for]),
    [
      ['run', null],
      ['wait', 'party:carrier'],
    ],
  )
  assert.equal((await cases(`status=waiting`)).items[0]?.id, id)
  await did('resume', {}, 'working')
  assert.equal((await shown()).waiting, null)
  await did('snooze', { until: soon }, 'working')
  assert.deepEqual(
    (await cases('snoozed=only')).items.map(c => c.id),
    [id],
  )
  assert.ok(!(await cases('snoozed=hide&limit=200')).items.some(c => c.id === id))
  await did('snooze', { until: null }, 'working')
  await did('release', {}, 'open')
  const { owner, status } = await shown()
  assert.deepEqual([owner, status], [null, 'open'])
  const past = '2020-01-01T00:00:00Z'
  for (const verb of ['wait', 'snooze'])
    assertProblem(await command(id, verb, { until: past, ...(verb === 'wait' && { for: 'x' }) }), 409, 'until_past')
  assertProblem(await command(id, 'wait', { for: 'x' }), 400, 'invalid_request')
})

test('a row tells why: evidence with names, types and the ledger rows behind it', async () => {
  const { id, evidence, number } = await ofOrder('T-5')
  assert.match(number, /^C-[0-9A-Z]{6}$/)
  assert.ok(evidence.length > 0 && evidence.every(e => e.fact === null && e.value !== null))
  const detail = (await api.get<Of<'getCase'>>(`/v1/cases/${id}`)).body
  const delivered = detail.evidence.find(e => e.path === 'order.deliveredAt')
  assert.deepEqual(
    [delivered?.type, delivered?.value, delivered?.label.zh],
    ['time', '2026-04-05T10:00:00.000Z', '签收时间（最后一个包裹）'],
  )
  assert.deepEqual([delivered?.fact?.type, delivered?.fact?.at], ['parcel.delivered', '2026-04-05T10:00:00.000Z'])
  assert.ok(detail.reason && /[一-龥]/.test(detail.reason.zh))
  const budget = detail.budgetMs!
  assert.equal(Date.parse(detail.dueAt!), Date.parse(detail.openedAt) + budget)
  assert.equal(detail.dueBy, 'budget')
})

test('every sorting pages through all cases once, by cursor and by offset', async () => {
  const all = (await cases('limit=200')).items.length
  for (const sort of CASE_SORTS) {
    const seen: string[] = []
    let next = ''
    do {
      const page = await cases(`sort=${sort}&limit=3${next && `&cursor=${next}`}`)
      seen.push(...page.items.map(c => c.id))
      next = page.next ?? ''
    } while (next !== '')
    assert.deepEqual([seen.length, new Set(seen).size], [all, all], sort)
    const middle = (await cases(`sort=${sort}&limit=4&offset=5`)).items.map(c => c.id)
    assert.deepEqual(middle, seen.slice(5, 9), sort)
  }
  const due = (await cases('sort=due&limit=200')).items.flatMap(c => c.dueAt ?? [])
  assert.deepEqual(due, due.toSorted())
  const other = (await cases('sort=due&limit=1')).next
  assertProblem(await api.get(`/v1/cases?sort=severity&cursor=${other}`), 400, 'invalid_cursor')
  // A place of the same shape in another list.
  const opened = (await cases('sort=opened&limit=1')).next
  for (const list of ['cases?sort=oldest&', 'orders?', 'quarantine?'])
    assertProblem(await api.get(`/v1/${list}cursor=${opened}`), 400, 'invalid_cursor')
  assertProblem(await api.get(`/v1/cases?sort=due&offset=1&cursor=${other}`), 400, 'invalid_request')
})

test('cases are found by what people look for', async () => {
  const { id, number, stream } = await ofOrder('T-2')
  const found = async (q: string) =>
    (await cases(`q=${encodeURIComponent(q)}&type=delivered_late`)).items.map(c => c.id)
  for (const q of [number, number.toLowerCase(), id, 'T-2']) assert.deepEqual(await found(q), [id], q)
  assert.deepEqual(await found('C-ZZZZZZ'), [])
  assert.deepEqual(await found('nothing of the kind'), [])
  assert.ok((await cases(`order=${stream}&state=active`)).items.some(c => c.id === id))
  assert.equal((await cases('owner=me')).total?.count, (await cases('owner=user:local')).total?.count)
  const [late] = (await cases('type=delivered_late&sort=money')).items
  const { minor } = late!.amount!
  assert.equal((await cases(`type=delivered_late&amountFrom=${minor}&amountTo=${minor + 1}`)).total?.count, 5)
  assert.equal((await cases(`dueFrom=${late!.dueAt}&dueTo=${late!.dueAt}`)).total?.count, 0)
})
