import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Right } from '../../src/contract/rights.ts'
import { ADMINISTRATOR, assertProblem, event, type Of, openApi, person, placed } from './api.ts'

const api = await openApi()
await api.tell(
  placed('T-1', {}, { time: '2026-02-01T08:00:00Z' }),
  event('parcel.handed_over', { ref: { orderNo: 'T-1' } }, { time: '2026-01-31T08:00:00Z' }),
)
const { id, stream } = (await api.get<Of<'listCases'>>('/v1/cases?order=T-1')).body.items[0]!
const without = (right: Right) => {
  const { [right]: _, ...rest } = ADMINISTRATOR.rights
  return api.as(person(`no-${right}`, rest))
}

test('who is not signed in is told so, in both languages and before anything else of the request is looked at', async () => {
  const nobody = api.as(null)
  for (const path of ['/v1/orders', '/v1/orders?limit=none', `/v1/cases/${id}`, '/metrics', '/v1/event-types']) {
    const answer = await nobody.get(path)
    const problem = assertProblem(answer, 401, 'not_signed_in')
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="andon"')
    assert.match((problem.more as { sentence: { zh: string } }).sentence.zh, /登录/)
  }
  const payload = '{"half'
  const headers = { 'content-type': 'application/json' }
  assertProblem(await nobody.raw({ method: 'POST', url: '/v1/events', payload, headers }), 401, 'not_signed_in')
  for (const path of ['/', '/problems', '/openapi.json', '/healthz', '/readyz'])
    assert.equal((await nobody.get(path)).status, 200, path)
})

test('who lacks the right of a route is told which one it is', async () => {
  const problem = assertProblem(await without('case.close').post(`/v1/cases/${id}/close`, {}), 403, 'not_allowed')
  const { right, sentence } = problem.more as { right: string; sentence: { zh: string; en: string } }
  assert.equal(right, 'case.close')
  assert.match(sentence.zh, /关闭和重新打开工单/)
  assertProblem(await without('operations.read').get('/metrics'), 403, 'not_allowed')
})

test('closing while the exception holds is a right of its own', async () => {
  const over = { cause: 'other', result: 'x', override: { reason: 'y' } }
  assertProblem(await without('case.override').post(`/v1/cases/${id}/close`, over), 403, 'not_allowed')
  assertProblem(await without('case.override').post(`/v1/cases/${id}/close`, { cause: 'x' }), 409, 'result_required')
})

test('on behalf of somebody: with the right, both are written down and the other one owns the case', async () => {
  const behalf = { 'x-andon-actor': 'user:anna' }
  assertProblem(await without('actor.behalf').post(`/v1/cases/${id}/acknowledge`, {}, behalf), 403, 'not_allowed')
  assert.equal((await api.as(person('crm')).post(`/v1/cases/${id}/acknowledge`, {}, behalf)).status, 200)
  const found = (await api.get<Of<'getCase'>>(`/v1/cases/${id}`)).body
  assert.equal(found.owner, 'user:anna')
  assert.equal(found.history.find(s => s.type === 'case.acknowledged')!.actor, 'user:crm for user:anna')
})

test('an Idempotency-Key belongs to who gives it', async () => {
  const key = { 'idempotency-key': 'k1' }
  const note = (by: string) => api.as(person(by)).post(`/v1/orders/${stream}/notes`, { text: `by ${by}` }, key)
  const [first, second] = [await note('anna'), await note('ben')]
  assert.deepEqual([first.status, second.status], [200, 200])
})
