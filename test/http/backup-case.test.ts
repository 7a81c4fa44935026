import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backupStanding } from '../../src/app/backup/standing.ts'
import { loadsWith } from '../../src/app/compose.ts'
import type { BackupHistory } from '../../src/pipeline/queries/backups.ts'
import { Sealer } from '../../src/platform/seal.ts'
import { ADMINISTRATOR, type Of, openApi, person } from './api.ts'

const api = await openApi()
const NOW = Date.now()
const FINE: BackupHistory = { doneAt: null, failedAt: null, failure: null, running: false }
const FAILED: BackupHistory = { ...FINE, failedAt: NOW, failure: 'The disk is full: nothing was kept.' }
const GOOD: BackupHistory = { ...FINE, doneAt: NOW + 60_000 }

const standing = backupStanding({
  db: api.db,
  loads: loadsWith(new Sealer(Buffer.alloc(32, 7))),
  offer: packs => api.pipeline.offer(packs),
})
async function told(history: BackupHistory, overdue = false): Promise<void> {
  await standing.tell(history, { now: Date.now(), overdue })
  await api.pipeline.drained()
}
const cases = async (who = api) => (await who.get<Of<'listCases'>>('/v1/cases?type=backup_failed')).body.items
const facts = async (): Promise<number> =>
  (await api.db.query(`select 1 from ledger where bucket >= 0 and type like 'backup.%'`)).rows.length

test('a backup that fails is a case of operations; the next good one clears it, and a later failure takes it up again', async () => {
  await told(FINE)
  assert.deepEqual(await cases(), [])
  await told(FAILED)
  await told(FAILED)
  assert.equal(await facts(), 1, 'each change is told once')
  const [found, ...others] = await cases()
  assert.deepEqual(others, [])
  assert.deepEqual(
    [found?.type, found?.severity, found?.status, found?.owner, found?.orderNo, found?.channel],
    ['backup_failed', 'P1', 'open', 'team:operations', null, null],
  )
  const why = found?.evidence.find(item => item.path === 'backup.reason')
  assert.deepEqual([why?.value, why?.label.en], [FAILED.failure, 'Why'])
  const detail = await api.get<Of<'getCase'>>(`/v1/cases/${found!.id}`)
  assert.equal(detail.status, 200)
  await told(GOOD)
  assert.equal((await cases())[0]?.status, 'cleared')
  await told({ ...GOOD, failedAt: NOW + 120_000, failure: 'no place' })
  assert.deepEqual(
    (await cases()).map(c => [c.id, c.status]),
    [[found!.id, 'open']],
  )
  await told(GOOD)
})

test('one that does not come when it is due is the same', async () => {
  await told({ ...GOOD, doneAt: NOW }, true)
  const [found] = await cases()
  assert.equal(found?.status, 'open')
  assert.match(String(found?.evidence.find(item => item.path === 'backup.reason')?.value), /No backup was made/)
  await told(GOOD)
})

test('whoever is narrowed to shops does not see it, nor is it counted for them', async () => {
  await told(FAILED)
  const shops = [{ shops: ['web'] }]
  const narrow = api.as(person('narrow', { 'case.read': shops, 'order.read': shops }))
  assert.deepEqual(await cases(narrow), [])
  const [found] = await cases()
  assert.equal((await narrow.get(`/v1/cases/${found!.id}`)).status, 404)
  assert.equal((await api.as(person('wide', ADMINISTRATOR.rights)).get(`/v1/cases/${found!.id}`)).status, 200)
})
