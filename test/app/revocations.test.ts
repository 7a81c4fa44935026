import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { keepRevocations, Revocations, revocationsPath } from '../../src/app/revocations.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { createLog } from '../../src/platform/log.ts'
import { Sealer } from '../../src/platform/seal.ts'
import type { Of } from '../http/api.ts'
import { openCompany } from '../http/company.ts'
import { eventually } from '../support/process.ts'

const dir = mkdtempSync(join(tmpdir(), 'andon-revocations-'))
after(() => rmSync(dir, { recursive: true, force: true }))
const path = revocationsPath(dir)
const written = (): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** Time does not pass: what is waited for by the clock never comes. */
const still: Clock = {
  now: () => 1,
  sleepUntil: (_at, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) resolve()
      else signal?.addEventListener('abort', () => resolve(), { once: true })
    }),
}

test('what is taken away is in the register at once, and not when the next look is due', async () => {
  const { api, ada } = await openCompany()
  const revocations = new Revocations({ db: api.db, sealer: new Sealer(Buffer.alloc(32, 1)), path })
  const stopping = new AbortController()
  const kept = keepRevocations(revocations, {
    ...{ clock: still, log: createLog({ clock: still, write: line => assert.fail(line) }), stop: stopping.signal },
    onChange: told => api.access.principals.onChange(told),
  })
  const revoke = async (handle: string): Promise<void> => {
    const asked = { handle, name: handle, rights: ['order.read'] }
    const { key } = (await ada.post<{ key: Of<'changeKey'> }>('/v1/keys', asked)).body
    const answer = await ada.post(`/v1/keys/${key.id}/revoke`, {})
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
  }
  for (const handle of ['shop-sync', 'crm']) {
    await revoke(handle)
    await eventually(() => written().includes(`"${handle}"`), `${handle} is in the register`)
  }
  stopping.abort()
  await kept
})
