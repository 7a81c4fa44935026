import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Andon, andon, endedIn, eventually, scratchDir } from '../support/process.ts'

/** The practice shop as it is run: Andon, the shop beside it, and whoever watches over HTTP. */

/** Comes in by the newest link that it printed. */
async function urlOf(running: Andon, printed = /Come in at (\S+)/g): Promise<Entry> {
  await eventually(() => running.out.match(printed) !== null, 'it prints its link')
  return enter([...running.out.matchAll(printed)].at(-1)![1]!)
}

interface Shop {
  readonly now: string
  readonly opensAt: string
  readonly phase: string
  readonly seed: number
  readonly incidents: readonly { readonly id: string; readonly by: string }[]
}

/** The tests of the API hold its answers to the contract; here they are believed. */
async function ask<T>({ url, cookie }: Entry, path: string, body?: object): Promise<T> {
  const headers = { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
  const init = body && { method: 'POST', body: JSON.stringify(body) }
  return (await (await fetch(url + path, { ...init, headers })).json()) as T
}
const shopAt = async (at: Entry): Promise<Shop> => (await ask<{ shop: Shop }>(at, '/v1/practice')).shop
const counted = async (at: Entry, path: string): Promise<number> =>
  (await ask<{ total: { count: number } }>(at, path)).total.count

/** Somebody who came in. */
interface Entry {
  readonly url: string
  readonly cookie: string
}

/** Follows a link that signs in. */
async function enter(link: string): Promise<Entry> {
  const answer = await fetch(link, { redirect: 'manual' })
  assert.equal(answer.status, 303, link)
  return { url: new URL(link).origin, cookie: answer.headers.getSetCookie()[0]!.split(';')[0]! }
}

/** Makes the administrator of a live Andon by the link of its first run. */
async function firstRun(link: string): Promise<Entry> {
  const { origin, hash } = new URL(link)
  const given = { name: 'Ada', mail: 'ada@example.com', password: 'wooden lamp vexing otter' }
  const answer = await fetch(`${origin}/v1/auth/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ ...given, token: hash.replace('#token=', '') }),
  })
  assert.equal(answer.status, 200, await answer.text())
  return { url: origin, cookie: answer.headers.getSetCookie()[0]!.split(';')[0]! }
}

test('from an empty directory: orders and cases come by themselves, it stops and goes on, and a live Andon refuses it', async t => {
  const data = join(scratchDir(t), 'practice')
  const args = ['start', '--practice', '--port', '0', '--data', data]
  const first = andon([...args, '--seed', '5'])
  const url = await urlOf(first)
  await eventually(async () => (await counted(url, '/v1/orders?limit=1')) > 50, 'orders')
  await eventually(async () => (await counted(url, '/v1/cases?limit=1')) > 0, 'the first case')
  for (const name of ['plaza', 'wuhan', 'yunlu', 'wallets'])
    await eventually(async () => {
      const feeds = await ask<{ items: { name: string }[] }>(url, '/v1/feeds')
      return feeds.items.some(f => f.name === name)
    }, `the feed ${name}`)
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

  const { url: link } = await ask<{ url: string }>(again, '/v1/practice/reset', { seed: 6 })
  await eventually(() => [...second.out.matchAll(/Come in at/g)].length === 2, 'another world')
  const anew = await urlOf(second)
  assert.equal((await enter(link)).url, again.url, 'the link that was told leads into it')
  assert.equal(anew.url, again.url, 'at the same address')
  assert.equal((await shopAt(anew)).seed, 6)
  second.signal('SIGTERM')
  assert.equal((await endedIn(60_000, second)).code, 0, second.err)
  assert.doesNotMatch(second.err, /started again/, 'the shop ran through')
})

test('an empty live Andon starts one beside it, once, and takes it along when it stops', async t => {
  const data = join(scratchDir(t), 'live')
  const running = andon(['start', '--port', '0', '--data', data])
  await eventually(() => /Andon runs at \S+/.test(running.out), 'it serves')
  const live = /Andon runs at (\S+)/.exec(running.out)![1]!
  const made = andon(['sign-in-link', '--url', live, '--data', data, '--json'])
  assert.equal((await endedIn(60_000, made)).code, 0, made.err)
  const url = await firstRun(String(made.json.link))
  const offer = await ask<{ offered: boolean; url: string | null }>(url, '/v1/practice')
  assert.deepEqual([offer.offered, offer.url], [true, null])
  const start = () => ask<{ url: string }>(url, '/v1/practice/start', {})
  const urls = new Set((await Promise.all([start(), start()])).map(s => s.url))
  assert.equal(urls.size, 1)
  const [beside] = [...urls]
  assert.equal((await shopAt(await enter(beside!))).seed, 1)
  assert.ok(existsSync(join(data, 'practice', 'postgres')))
  assert.equal(await counted(url, '/v1/orders?limit=1'), 0, 'nothing of it comes here')
  running.signal('SIGTERM')
  assert.equal((await endedIn(90_000, running)).code, 0, running.err)
  await assert.rejects(fetch(`${new URL(beside!).origin}/healthz`), 'it is gone')
})
