import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { assertProblem, event, type Of, openApi, person, placed } from './api.ts'

const api = await openApi()
const anna = api.as(person('anna'))

const TEXT = {
  name: { zh: '大额订单', en: 'Large order' },
  reason: { zh: '大额订单要先看一眼', en: 'Somebody looks at large orders first' },
  when: '!order.cancelled && order.orderTotal > limit',
  type: 'large_order',
  severity: 'P3',
  clears: 'auto',
  constants: [{ name: 'limit', type: 'money', value: 50_000, label: { zh: '上限', en: 'Limit' } }],
  examples: [
    { now: 1, holds: true, facts: { order: { cancelled: false, orderTotal: 50_001 } } },
    { now: 1, holds: false, facts: { order: { cancelled: false, orderTotal: 50_000 } } },
  ],
}

type Named = Of<'listRuleNames'>['items'][number]
const rule = async (id: string) => (await api.get<Of<'getRule'>>(`/v1/rules/${id}`)).body
const save = (id: string, text: object, seen: string | null, reason = 'first try') =>
  anna.post<Of<'saveRuleDraft'>>(`/v1/rules/${id}/draft`, { text, reason, seen })
const move = (id: string, version: number, to: string, more: object = {}) =>
  anna.post<Of<'moveRule'>>(`/v1/rules/${id}/move`, { version, to, reason: 'it is time', ...more })
const findings = async (orderNo: string) => {
  const order = (await api.get<Of<'listOrders'>>(`/v1/orders?q=${orderNo}`)).body.items[0]!
  return (await api.get<Of<'listFindings'>>(`/v1/findings?order=${order.id}`)).body.items
}
/** A change comes into force by itself, a second after it was made. */
async function inForce(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 400 && !(await holds()); turn++) await delay(25)
  assert.ok(await holds())
}
const large = { lines: [{ sku: 'GOLD', qty: 1, price: 60_000 }] }

test('a text is checked without saving it; refusals say where and what to do in both languages', async () => {
  const check = (when: string) => api.post<Of<'checkRule'>>('/v1/rules/check', { when, constants: TEXT.constants })
  const good = (await check('order.orderTotal > limit && now > order.lastEventAt + hours(1)')).body
  assert.deepEqual(good, {
    ok: true,
    refusals: [],
    reads: ['order.orderTotal', 'order.lastEventAt'],
    usesTime: true,
  })
  const bad = (await check('order.payedAt < now')).body
  assert.equal(bad.ok, false)
  const [first] = bad.refusals
  assert.deepEqual([first?.code, first?.start, first?.end], ['unknown_field', 0, 13])
  assert.ok(first?.message.zh && first.message.en)
})

test('the life of a rule: draft, shadow, live with its sweep, another version, retired', async () => {
  await api.tell(placed('LARGE-1', large))
  const draft = (await save('large_order', TEXT, null)).body
  assert.deepEqual([draft.version, draft.stage, draft.author, draft.frozen], [1, 'draft', 'user:anna', false])
  // A draft is overwritten while it is one.
  const better = { ...TEXT, reason: { zh: '更好', en: 'Better' } }
  const second = (await save('large_order', better, draft.hash, 'wording')).body
  assert.deepEqual([second.version, second.reason], [1, 'wording'])

  const change = (await move('large_order', 1, 'live')).body
  assert.deepEqual([change.by, change.reason], ['user:anna', 'it is time'])
  await inForce(async () => (await findings('LARGE-1')).some(f => f.type === 'large_order'))
  const [finding] = (await findings('LARGE-1')).filter(f => f.type === 'large_order')
  assert.equal(finding?.raisedAt, change.activeFrom)
  assert.deepEqual(finding?.rule, { id: 'large_order', version: 1 })
  assert.equal((await rule('large_order')).live, 1)

  // What runs is not written over: the next text is the next version.
  const lower = { ...better, constants: [{ ...TEXT.constants[0]!, value: 70_000 }], examples: examples(70_000) }
  const third = (await save('large_order', lower, second.hash, 'fewer')).body
  assert.deepEqual([third.version, third.stage], [2, 'draft'])
  const diff = (await api.get<Of<'diffRule'>>('/v1/rules/large_order/diff?from=1&to=2')).body.items
  assert.ok(diff.some(d => d.path === 'constants.limit.value' && d.before === 50_000 && d.after === 70_000))
  await move('large_order', 2, 'live')
  await inForce(async () => (await findings('LARGE-1')).every(f => f.type !== 'large_order' || !f.holds))
  const detail = await rule('large_order')
  assert.deepEqual(
    detail.versions.map(v => [v.version, v.stage]),
    [
      [2, 'live'],
      [1, 'retired'],
    ],
  )
  const cases = (await api.get<Of<'listCases'>>('/v1/cases?type=large_order')).body.items
  // The case says which version opened it.
  assert.deepEqual(
    cases.map(c => [c.rule, c.status]),
    [[{ id: 'large_order', version: 1 }, 'cleared']],
  )
  assertProblem(await move('large_order', 2, 'live'), 409, 'rule_stands_already')
  const changes = async () => (await api.get<Of<'listRuleChanges'>>('/v1/rules/changes')).body
  await inForce(async () => (await changes()).sweeps[0]?.status === 'done')
  const { items, sweeps } = await changes()
  assert.ok(items[0]!.n > items[1]!.n)
  assert.deepEqual([sweeps[0]?.groupsDone, sweeps[0]?.activeFrom], [32, items[0]?.activeFrom])
})

const examples = (limit: number) =>
  [1, 0].map(more => ({
    ...{ now: 1, holds: more === 1 },
    facts: { order: { cancelled: false, orderTotal: limit + more } },
  }))

test('what cannot be saved or moved is refused with what to do', async () => {
  const { errors, more } = assertProblem(
    await save('bad_rule', { ...TEXT, when: 'order.total > 1' }, null),
    422,
    'rule_refused',
  )
  assert.equal(errors?.[0]?.pointer, '/text/when')
  assert.match(JSON.stringify(more?.refusals), /"zh":"order 没有字段 total/)
  assertProblem(await api.get('/v1/rules/bad_rule'), 404, 'rule_not_found')
  for (const word of ['changes', 'new', 'tables'])
    assertProblem(await save(word, TEXT, null), 409, 'rule_draft_conflict')

  const saved = (await save('other_rule', { ...TEXT, examples: [TEXT.examples[1]] }, null)).body
  assertProblem(await save('other_rule', TEXT, null), 409, 'rule_draft_conflict')
  assertProblem(await move('other_rule', 1, 'live'), 422, 'rule_examples_failed')
  const wrong = TEXT.examples.map(e => ({ ...e, holds: !e.holds }))
  const again = (await save('other_rule', { ...TEXT, examples: wrong }, saved.hash)).body
  const failed = assertProblem(await move('other_rule', 1, 'shadow'), 422, 'rule_examples_failed')
  assert.deepEqual(failed.more?.failed, [0, 1])
  await save('other_rule', TEXT, again.hash)
  assertProblem(await move('other_rule', 7, 'live'), 404, 'rule_version_not_found')
  assertProblem(await move('other_rule', 1, 'live', { activeFrom: '2020-01-01T00:00:00Z' }), 409, 'rule_too_soon')
  assertProblem(await move('other_rule', 1, 'retired'), 409, 'rule_stands_already')
})

test('a change for later waits, keeps others out, and can be taken back', async () => {
  const saved = (await save('later_rule', TEXT, null)).body
  const change = (await move('later_rule', saved.version, 'live', { activeFrom: '2199-01-01T00:00:00Z' })).body
  const waiting = await rule('later_rule')
  assert.deepEqual([waiting.live, waiting.waiting.length, waiting.versions[0]?.stage], [null, 1, 'draft'])
  assertProblem(await move('later_rule', 1, 'shadow'), 409, 'rule_change_waits')
  const undo = await anna.post<Of<'cancelRuleChange'>>(`/v1/rules/changes/${change.n}/cancel`, { reason: 'no' })
  assert.equal(undo.body.activeFrom, change.activeFrom)
  assert.equal((await move('later_rule', 1, 'shadow')).status, 200)
  assertProblem(await anna.post('/v1/rules/changes/1/cancel', { reason: 'no' }), 409, 'rule_too_soon')
  assertProblem(await anna.post('/v1/rules/changes/9999/cancel', { reason: 'no' }), 404, 'rule_not_found')
})

test('the list tells what each rule did', async () => {
  await api.tell(event('order.status_reported', { ref: { orderNo: 'LARGE-1' }, status: 'delivered' }))
  // One that has been open for longer than the days that are looked at.
  await api.tell(placed('OLD-1', { lines: [] }))
  const moved = `update case_row set opened_at = opened_at - 8640000000 where rule = 'no_items' and not over`
  assert.equal((await api.db.query(moved)).rowCount, 1)
  const { items, broken } = (await api.get<Of<'listRules'>>('/v1/rules?days=7')).body
  assert.deepEqual(broken, [])
  const old = items.find(r => r.id === 'no_items')!
  assert.deepEqual([old.stats?.cases, old.stats?.open], [0, 1])
  const large = items.find(r => r.id === 'large_order')!
  assert.deepEqual([large.version, large.stage, large.newest, large.pack], [2, 'live', 2, null])
  assert.equal(large.stats?.spark.length, 7)
  assert.deepEqual([large.stats?.cases, large.stats?.alone], [1, 1])
  const named = (await api.get<Of<'listRuleNames'>>('/v1/rules/names')).body.items
  const called = (all: readonly Named[]) => all.map(({ id, name, type }) => ({ id, name, type }))
  assert.deepEqual(called(named), called(items), 'the light answer names the same rules by the same version')
  const core = items.find(r => r.id === 'handover_late')!
  assert.deepEqual([core.pack, core.stage, core.changed.by], ['core', 'live', 'system'])
})

test('a version in shadow: what it would have done, what became of those orders, and no case', async () => {
  const saved = (await save('shadow_rule', { ...TEXT, type: 'shadow_type' }, null)).body
  assertProblem(await api.get('/v1/rules/shadow_rule/shadow'), 404, 'rule_version_not_found')
  await move('shadow_rule', saved.version, 'shadow')
  await api.tell(placed('SHADOW-1', large), placed('SHADOW-2', large), placed('SHADOW-3'))
  const report = async () => (await api.get<Of<'getRuleShadow'>>('/v1/rules/shadow_rule/shadow')).body
  await inForce(
    async () => (await report()).items.length > 1 && (await report()).items.some(i => i.orderNo === 'LARGE-1'),
  )
  const { version, hits, orders, holding, liveOrders, until, items } = await report()
  assert.deepEqual([version, hits, orders, holding, liveOrders, until], [1, items.length, items.length, hits, 0, null])
  const page = (await api.get<Of<'getRuleShadow'>>('/v1/rules/shadow_rule/shadow?limit=1')).body
  assert.deepEqual([page.items.length, page.orders], [1, orders])
  const rest = (await api.get<Of<'getRuleShadow'>>(`/v1/rules/shadow_rule/shadow?cursor=${page.next}`)).body
  assert.deepEqual([...page.items, ...rest.items].map(i => i.orderNo).sort(), items.map(i => i.orderNo).sort())
  assert.deepEqual((await api.get<Of<'listCases'>>('/v1/cases?type=shadow_type')).body.items, [])
  const order = items.find(i => i.orderNo === 'SHADOW-1')!
  await anna.post(`/v1/orders/${order.order}/notes`, { text: 'looked at it' })
  await inForce(async () => (await report()).touched === 1)
  assert.equal((await report()).items.find(i => i.orderNo === 'SHADOW-1')!.acts, 1)
})

test('what rules can read is told once, with names in both languages', async () => {
  const { roots, calendars } = (await api.get<Of<'getRuleFacts'>>('/v1/rules/facts')).body
  assert.deepEqual(
    roots.slice(0, 3).map(r => [r.name, r.kind]),
    [
      ['order', 'record'],
      ['lines', 'list'],
      ['parcels', 'list'],
    ],
  )
  const wordsOf = (name: string) => roots[0]!.fields.find(f => f.name === name)?.values
  assert.ok(wordsOf('paymentMethod')?.card)
  assert.equal(wordsOf('sequenceFault'), null, 'of several codes in one text nobody picks one')
  const paidAt = roots[0]!.fields.find(f => f.name === 'paidAt')!
  assert.deepEqual([paidAt.type, paidAt.optional, paidAt.from], ['time', true, ['payment.received']])
  assert.ok(calendars.some(c => c.id === 'cn'))
})

test('an order is explained under a rule, now and as it was known at an instant', async () => {
  await api.tell(placed('WHY-1', large, { time: '2026-11-01T08:00:00Z' }))
  const order = (await api.get<Of<'listOrders'>>('/v1/orders?q=WHY-1')).body.items[0]!.id
  const why = (more: object) => api.post<Of<'explainRule'>>('/v1/rules/explain', { order, ...more })
  const saved = (await why({ rule: 'no_items' })).body
  assert.deepEqual([saved.rule, saved.version, saved.holds], ['no_items', 1, false])
  assert.equal(saved.nodes[0]?.parent, null)
  for (const [i, node] of saved.nodes.entries()) assert.ok(node.parent === null ? i === 0 : node.parent < i)
  const when = 'has(order.placedAt) && now - order.placedAt > days(36500)'
  const text = (await why({ when })).body
  assert.deepEqual([text.holds, text.flipsAt], [false, '2126-10-08T08:00:00.001Z'])
  assert.match(text.words.zh, /不成立/)
  const part = text.nodes.find(n => when.slice(n.start, n.end).startsWith('now'))
  assert.equal(part?.value, false)
  // Nothing was known of it then.
  assertProblem(await why({ rule: 'no_items', at: '2020-01-01T00:00:00Z' }), 404, 'order_not_found')
  assertProblem(await why({}), 400, 'invalid_request')
  assertProblem(await why({ when: 'order.nothing' }), 422, 'rule_refused')
  const elsewhere = api.as(person('ella', { 'order.read': [{ shops: ['elsewhere'] }] }))
  assertProblem(await elsewhere.post('/v1/rules/explain', { order, rule: 'no_items' }), 404, 'order_not_found')
})

test('a condition is tried while it is typed: orders now, per row, next flips, history', async () => {
  const when = "order.channel == 'web' && order.orderTotal > limit && now > timestamp('2199-01-01T00:00:00Z')"
  const ask = (as = api) => as.post<Of<'previewRule'>>('/v1/rules/preview', { when, constants: TEXT.constants })
  const { open, rows, matches, flips } = (await ask()).body
  assert.deepEqual([open.exact, open.holds, matches], [true, 0, []])
  assert.deepEqual(
    rows.map(r => when.slice(r.start, r.end)),
    when.split(' && '),
  )
  assert.equal(rows[0]!.holds, open.looked)
  const next = await anna.post<Of<'previewRule'>>('/v1/rules/preview', {
    when: `order.orderTotal > limit`,
    constants: TEXT.constants,
  })
  assert.equal(next.body.open.holds, rows[1]!.holds)
  assert.ok(next.body.matches.some(m => m.orderNo === 'SHADOW-1') && next.body.open.holds > 1)
  assert.deepEqual(new Set(flips.map(f => f.at)), new Set(['2199-01-01T00:00:00.001Z']))
  assert.equal(flips.length, rows[1]!.holds)
})

test('the set is linted, with a draft among it', async () => {
  const { items } = (await api.post<Of<'lintRules'>>('/v1/rules/lint', {})).body
  assert.deepEqual(
    items.filter(i => i.level === 'error' && !i.rules.includes('other_rule')),
    [],
  )
  // Nobody is named for it, by the rule or by a table.
  const ownerless = items.filter(i => i.code === 'no_owner').flatMap(i => i.rules)
  assert.ok(!ownerless.includes('handover_late'))
  const lone = { ...TEXT, type: 'lone_type' }
  const codes = async (text: object) =>
    (await api.post<Of<'lintRules'>>('/v1/rules/lint', { rule: 'lone_rule', text })).body.items.map(i => i.code)
  assert.ok((await codes(lone)).includes('no_owner'))
  assert.ok(!(await codes({ ...lone, team: 'service' })).includes('no_owner'))
  const text = { ...TEXT, when: 'order.lineCount > 3 && order.lineCount < 2', constants: [] }
  const draft = (await api.post<Of<'lintRules'>>('/v1/rules/lint', { rule: 'odd_rule', text })).body.items
  assert.deepEqual([draft[0]?.code, draft[0]?.rules], ['never_true', ['odd_rule']])
})

test('who may only read saves and moves nothing', async () => {
  const reader = api.as(person('rita', { 'rule.read': 'all' }))
  assert.equal((await reader.get('/v1/rules')).status, 200)
  assertProblem(await reader.post('/v1/rules/x/draft', { text: TEXT, reason: 'x', seen: null }), 403, 'not_allowed')
  const editor = api.as(person('emil', { 'rule.read': 'all', 'rule.edit': 'all' }))
  assertProblem(
    await editor.post('/v1/rules/large_order/move', { version: 1, to: 'live', reason: 'x' }),
    403,
    'not_allowed',
  )
})
