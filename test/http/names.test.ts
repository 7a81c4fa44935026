import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readNames } from '../../src/app/names.ts'
import { joinedNames, SHIPPED_NAMES } from '../../src/contract/names.ts'
import { PRACTICE_NAMES } from '../../src/contract/practice.ts'
import { type Of, openApi, person } from './api.ts'

const folder = mkdtempSync(join(tmpdir(), 'andon-names-'))
after(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'names.yaml')
const read = (text: string, asked = true) => {
  writeFileSync(path, text)
  return readNames({ path, asked })
}

test('whoever signed in is told what channels, teams and so on are called; what the shop says counts', async () => {
  const names = read(`channel: { web: { zh: 官网, en: Web shop } }\nteam: { finance: { zh: 账务组, en: Accounts } }`)
  const api = await openApi({ core: true, names })
  const { items } = (await api.as(person('nobody', {})).get<Of<'listNames'>>('/v1/names')).body
  const called = (kind: string, code: string) => items.filter(one => one.kind === kind && one.code === code)
  assert.deepEqual(called('channel', 'web'), [{ kind: 'channel', code: 'web', name: { zh: '官网', en: 'Web shop' } }])
  assert.equal(called('channel', 'olist')[0]?.name.en, 'Olist')
  assert.deepEqual(
    called('team', 'finance').map(one => one.name.zh),
    ['账务组'],
  )
  assert.deepEqual(called('warehouse', 'wuhan'), [], 'the practice shop is not here')
})

test('the practice shop has a name for each of its channels, warehouses, carriers, feeds and people', () => {
  const items = joinedNames(SHIPPED_NAMES, PRACTICE_NAMES)
  const codes = (kind: string) => items.filter(one => one.kind === kind).map(one => one.code)
  assert.deepEqual(codes('warehouse'), ['jiaxing', 'wuhan'])
  assert.deepEqual(codes('carrier'), ['yunlu', 'xunda', 'haiqiao'])
  assert.deepEqual(codes('channel'), ['olist', 'plaza', 'bazaar', 'web', 'store', 'dealer'])
  assert.deepEqual(codes('feed'), ['cards', 'wallets', 'erp', 'bank'])
})

test('codes are texts, whatever numbers they look like, and a kind may be empty', () => {
  const name = { zh: '七', en: '7' }
  assert.deepEqual(read('warehouse: { 01: { zh: 七, en: 7 }, 1e3: { zh: 七, en: 7 } }\nchannel:\n'), {
    warehouse: { '01': name, '1e3': name },
    channel: {},
  })
})

test('the names of people are for those who may see people', async () => {
  const names = read('person: { li.wei: { zh: 李伟, en: Li Wei } }')
  const api = await openApi({ core: true, names })
  const people = async (rights: readonly string[]) => {
    const grants = Object.fromEntries(rights.map(right => [right, 'all']))
    const { items } = (await api.as(person('someone', grants as never)).get<Of<'listNames'>>('/v1/names')).body
    return items.filter(one => one.kind === 'person').map(one => one.code)
  }
  assert.deepEqual(await people([]), [])
  assert.ok((await people(['user.read'])).includes('li.wei'))
})

test('a file of names that cannot be used says what is wrong with it, and where', () => {
  assert.deepEqual(readNames({ path: join(folder, 'none.yaml'), asked: false }), {}, 'nobody has to have one')
  assert.deepEqual(read(''), {})
  assert.throws(() => readNames({ path: join(folder, 'none.yaml'), asked: true }), /none\.yaml cannot be read/)
  assert.throws(() => read('channel: [web'), /names\.yaml is no YAML/)
  assert.throws(() => read('channels: {}'), /Unrecognized key: "channels"\n.*takes channel, warehouse/)
  assert.throws(() => read('channel: { web: { zh: 官网 } }'), /channel\.web\.en/)
  assert.throws(() => read('channel: { web: { zh: 官网, en: "" } }'), /channel\.web\.en: must not be empty/)
  assert.throws(() => read('channel: { web: { zh: "a\\nb", en: b } }'), /channel\.web\.zh: must not hold control/)
  assert.throws(() => read('channel: *nope'), /names\.yaml is no YAML/)
})
