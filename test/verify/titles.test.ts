import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shipped } from '../../src/app/compose.ts'

/** Asked for at run time: the types of the console are those of a browser. */
async function textsIn(file: string, name: string): Promise<ReadonlyMap<string, string>> {
  const module: Record<string, object> = await import(`../../web/src/features/cases/titles/${file}`)
  return new Map(Object.entries(module[name] ?? {}))
}

const [zh, en] = [await textsIn('zh-CN.ts', 'zhCN'), await textsIn('en.ts', 'en')]
const slotsOf = (text: string): string[] => [...text.matchAll(/\{([^}]+)\}/g)].map(found => found[1] ?? '').sort()
const { rules } = await shipped()

test('the title of a case asks only for what its rule reads, and for the same in both languages', () => {
  assert.ok(zh.size > 50)
  for (const [key, text] of zh) {
    assert.deepEqual(slotsOf(en.get(key) ?? ''), slotsOf(text), key)
    const rule = rules.find(({ type }) => `title.${type}` === key)
    for (const path of slotsOf(text).flatMap(slot => slot.replace('~', '').split('-'))) {
      const [root = '', field = ''] = path.split('.')
      // Which parcel it is stands in the evidence of every rule about parcels; elements of lists have names of one letter.
      const read = root === 'order' ? path : field === 'trackingNo' ? 'parcels' : `${root[0]}.${field}`
      assert.ok(rule === undefined || rule.when.includes(read), `${key} asks for ${path}`)
    }
  }
})

test('cases of every shipped rule say more than its name', () => {
  const silent = rules.filter(({ type }) => !zh.has(`title.${type}`)).map(({ type }) => type)
  // It reads nothing but that the channel says so.
  assert.deepEqual(silent, ['delivered_without_date'])
})
