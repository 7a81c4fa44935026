import assert from 'node:assert/strict'
import { test } from 'node:test'
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
