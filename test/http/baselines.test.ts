import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../support/process.ts'
import { event, type Of, openApi, person, placed } from './api.ts'

const api = await openApi()
type Page = Of<'listBaselines'>
const list = async (query = '') => (await api.get<Page>(`/v1/baselines${query}`)).body

test('baselines are learned by a job and listed with how stays are spread', async () => {
  assert.deepEqual((await list()).items, [])
  const day = (n: number): string => new Date(Date.UTC(2026, 9, 1) + n * 3_600_000).toISOString()
  for (let i = 0; i < 40; i++)
    await api.tell(
      placed(`N-${i}`, {}),
      event('order.approved', { ref: { orderNo: `N-${i}` } }, { time: day(1000) }),
      event('parcel.handed_over', { ref: { orderNo: `N-${i}` } }, { time: day(1010 + i) }),
    )
  const { body, status } = await api.as(person('anna')).post<Of<'getJob'>>('/v1/baselines/learn', {})
  assert.equal(status, 202)
  await eventually(async () => (await list()).version !== null, 'baselines are learned')
  const page = await list('?node=approved&limit=1')
  assert.equal(page.version, 1)
  assert.deepEqual([page.items.length, page.items[0]?.lane, page.items[0]?.samples], [1, '', 40])
  assert.equal(
    page.items[0]!.points.reduce((sum, p) => sum + p.n, 0),
    40,
  )
  const more = await list(`?node=approved&limit=1&cursor=${page.next}`)
  assert.equal(more.items[0]?.lane, 'web')
  const job = (await api.get<Of<'getJob'>>(`/v1/jobs/${body.id}`)).body
  assert.deepEqual([job.kind, job.name.en], ['baselines', 'Baselines learned'])
})
