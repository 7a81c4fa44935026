import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shipped } from '../../src/app/compose.ts'
import { shortEvidence } from '../../src/app/http/evidence.ts'
import { orderFactSchema } from '../../src/app/http/evidence-sources.ts'
import type { Json, JsonObject } from '../../src/kernel/json.ts'

/** Asked for at run time: the types of the console are those of a browser. */
async function textsIn(file: string, name: string): Promise<ReadonlyMap<string, string>> {
  const module: Record<string, object> = await import(`../../web/src/features/cases/titles/${file}`)
  return new Map(Object.entries(module[name] ?? {}).filter(([key]) => key.startsWith('title.')))
}

const [zh, en] = [await textsIn('zh-CN.ts', 'zhCN'), await textsIn('en.ts', 'en')]
const slotsOf = (text: string): string[] => [...text.matchAll(/\{([^}]+)\}/g)].map(found => found[1] ?? '').sort()
const pathsOf = (slot: string): string[] => slot.replace('~', '').split('-')
const { rules } = await shipped()
type Rule = (typeof rules)[number]

/** Cases that no rule opens, but the installation itself. */
const OWN = new Set(['title.feed_silent', 'title.backup_failed'])

/** Every title of a rule, in both languages. */
function* titles(): Generator<{ key: string; rule: Rule; text: string; found: string }> {
  for (const [texts, found] of [[zh, '发现时'] as const, [en, 'when found'] as const])
    for (const [key, text] of texts) {
      const rule = rules.find(({ type }) => `title.${type}` === key)
      assert.ok(rule !== undefined || OWN.has(key), `${key} belongs to no rule`)
      if (rule !== undefined) yield { key, rule, text, found }
    }
}

test('the title of a case asks only for what its rule reads, and for the same in both languages', () => {
  assert.ok(zh.size > 50)
  for (const [key, text] of zh) assert.deepEqual(slotsOf(en.get(key) ?? ''), slotsOf(text), key)
  for (const { key, rule, text } of titles())
    for (const path of slotsOf(text).flatMap(pathsOf)) {
      const [root = '', field = ''] = path.split('.')
      // Which parcel it is stands in the evidence of every rule about parcels; elements of lists have names of one letter.
      const read = root === 'order' ? path : field === 'trackingNo' ? 'parcels' : `${root[0]}.${field}`
      assert.ok(rule.when.includes(read), `${key} asks for ${path}`)
    }
})

/** The rule measures from this instant of the order to now: when it moves, the rule holds no more. */
const measures = ({ when }: Rule, path: string): boolean =>
  path.startsWith('order.') &&
  [`now - ${path} >`, `now > ${path}`, `businessElapsed(${path}, now`].some(text =>
    when
      .split(text)
      .slice(1)
      .some(rest => !/^\s*[-+]|^\w/.test(rest)),
  )

const typeOf = (path: string): string => {
  const [root = '', field = ''] = path.split('.')
  const declared = orderFactSchema[root]
  const type = declared?.of[field]?.type
  assert.ok(type !== undefined, `${path} is no fact`)
  return type
}

/** What somebody said about the time to come, and may say otherwise; all other instants of an order have been. */
const PROMISES = new Set(['order.promiseEndsAt', 'order.shipBy'])
const stays = (rule: Rule, path: string): boolean =>
  measures(rule, path) || (path.startsWith('order.') && typeOf(path) === 'time' && !PROMISES.has(path))

test('a title states as current nothing that may have changed since the finding', () => {
  for (const { key, rule, text, found } of titles())
    for (const part of text.split(' · '))
      for (const slot of slotsOf(part)) {
        if (slot.endsWith('~'))
          assert.ok(measures(rule, slot.slice(0, -1)), `${key}: {${slot}} goes on from what may move`)
        else if (slot.includes('-') || !stays(rule, slot))
          assert.ok(part.includes(found), `${key}: {${slot}} is as of the finding`)
      }
})

const EXAMPLE: { readonly [type: string]: Json } = { string: 'x', bool: true }

/** Everything that the rule reads, but what must be missing for it to hold. */
function evidenceFor({ when, constants }: Rule): JsonObject {
  const present = when.replace(/!has\([\w.]+\)/g, '')
  const evidence: Record<string, Json> = {}
  for (const [path] of present.matchAll(/\border\.\w+/g)) evidence[path] = EXAMPLE[typeOf(path)] ?? 1
  for (const [name, { type }] of Object.entries(constants))
    if (type !== 'list' && type !== 'lookup') evidence[name] = EXAMPLE[type] ?? 1
  for (const root of ['lines', 'parcels', 'readings'].filter(list => when.includes(`${list}.`))) {
    const fields = [...present.matchAll(new RegExp(`\\b${root[0]}\\.(\\w+)`, 'g'))].map(([, field = '']) => field)
    const of = root === 'parcels' ? ['trackingNo', ...fields] : fields
    const element = of
      .filter(field => orderFactSchema[root]?.of[field])
      .map(field => [field, EXAMPLE[typeOf(`${root}.${field}`)] ?? 1])
    evidence[root] = { count: 1, matching: [Object.fromEntries(element)] }
  }
  return evidence
}

test('what a title says is among the few entries of the evidence that a list is given', () => {
  for (const { key, rule, text } of titles()) {
    const constants = Object.fromEntries(
      Object.entries(rule.constants).flatMap(([name, { type, label }]) =>
        type === 'list' || type === 'lookup' ? [] : [[name, { type, label }]],
      ),
    )
    const given = shortEvidence({ evidence: evidenceFor(rule), constants }).map(({ path }) => path)
    for (const path of slotsOf(text).flatMap(pathsOf))
      assert.ok(given.includes(path), `${key}: ${path} is not in ${given}`)
  }
})

test('cases of every shipped rule say more than its name', () => {
  const silent = rules.filter(({ type }) => !zh.has(`title.${type}`)).map(({ type }) => type)
  // It reads nothing but that the channel says so.
  assert.deepEqual(silent, ['delivered_without_date'])
})
