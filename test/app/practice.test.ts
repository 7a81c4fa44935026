import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Andon, andon, endedIn, eventually, scratchDir } from '../support/process.ts'

/** The practice shop as it is run: Andon, the shop beside it, and whoever watches over HTTP. */

const urlOf = async (running: Andon): Promise<string> => {
  await eventually(() => /Andon runs at \S+/.test(running.out), 'it prints its address')
  return /Andon runs at (\S+)/.exec(running.out)![1]!
}

interface Shop {
  readonly now: string
  readonly opensAt: string
  readonly phase: string
  readonly seed: number
  readonly incidents: readonly { readonly id: string; readonly by: string }[]
}

/** The tests of the API hold its answers to the contract; here they are believed. */
async function ask<T>(url: string, path: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const init = body && { method: 'POST', headers, body: JSON.stringify(body) }
  return (await (await fetch(url + path, init)).json()) as T
}
const shopAt = async (url: string): Promise<Shop> => (await ask<{ shop: Shop }>(url, '/v1/practice')).shop
const counted = async (url: string, path: string): Promise<number> =>
  (await ask<{ total: { count: number } }>(url, path)).total.count

test('from an empty directory: orders and cases come by themselves, it stops and goes on, and a live Andon refuses it', async t => {
  const data = join(scratchDir(t), 'practice')
  const args = ['start', '--practice', '--port', '0', '--data', data]
  const first = andon([...args, '--seed', '5'])
  const url = await urlOf(first)
  await eventually(async () => (await counted(url, '/v1/orders?limit=1')) > 50, 'orders')
  await eventually(async () => (await counted(url, '/v1/cases?limit=1')) > 0, 'the first case')
  const feeds = await ask<{ items: { name: string }[] }>(url, '/v1/feeds')
  for (const name of ['plaza', 'wuhan', 'yunlu', 'wallets'])
    assert.ok(
      feeds.items.some(f => f.name === name),
      name,
    )
  const before = await shopAt(url)
  assert.equal(before.seed, 5)
  assert.ok(
    before.incidents.every(i => i.by !== ''),
    'the shop has trouble of its own',
  )
  first.signal('SIGTERM')
  assert.equal((await endedIn(60_000, first)).code, 0, first.err)

  const live = andon(['start', '--port', '0', '--data', data])
  assert.equal((await endedIn(60_000, live)).code, 2)
  assert.match(live.err, /is a practice shop with a clock of its own/)

  const second = andon(args)
  const again = await urlOf(second)
  const shop = await shopAt(again)
  assert.ok(shop.now >= before.now, 'its clock goes on')
  assert.deepEqual([shop.seed, shop.opensAt], [5, before.opensAt])
  const known = await counted(again, '/v1/orders?limit=1')
  await eventually(async () => (await counted(again, '/v1/orders?limit=1')) > known, 'more orders')
  const conflicts = await ask<{ items: [] }>(again, '/v1/quarantine?code=event_conflict')
  assert.deepEqual(conflicts.items, [], 'the story was told on, and not another one')

  await ask(again, '/v1/practice/reset', { seed: 6 })
  await eventually(async () => (await shopAt(again).catch(() => null))?.seed === 6, 'another world at the same address')
  second.signal('SIGTERM')
  assert.equal((await endedIn(60_000, second)).code, 0, second.err)
  assert.doesNotMatch(second.err, /started again/, 'the shop ran through')
})

test('an empty live Andon starts one beside it, once, and takes it along when it stops', async t => {
  const data = join(scratchDir(t), 'live')
  const running = andon(['start', '--port', '0', '--data', data])
  const url = await urlOf(running)
  const offer = await ask<{ offered: boolean; url: string | null }>(url, '/v1/practice')
  assert.deepEqual([offer.offered, offer.url], [true, null])
  const start = () => ask<{ url: string }>(url, '/v1/practice/start', {})
  const urls = new Set((await Promise.all([start(), start()])).map(s => s.url))
  assert.equal(urls.size, 1)
  const [beside] = [...urls]
  assert.equal((await shopAt(beside!)).seed, 1)
  assert.ok(existsSync(join(data, 'practice', 'postgres')))
  assert.equal(await counted(url, '/v1/orders?limit=1'), 0, 'nothing of it comes here')
  running.signal('SIGTERM')
  assert.equal((await endedIn(90_000, running)).code, 0, running.err)
  await assert.rejects(fetch(`${beside}/healthz`), 'it is gone')
})
