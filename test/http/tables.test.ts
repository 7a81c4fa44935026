import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUDGETS, budgetOf } from '../../src/contract/case-budgets.ts'
import { SEVERITIES } from '../../src/contract/exceptions.ts'
import { eventually } from '../support/process.ts'
import { assertProblem, event, type Of, openApi, person, placed } from './api.ts'

const api = await openApi()
const anna = api.as(person('anna'))

const label = (en: string) => ({ zh: en, en })
const TEXT = {
  ...{ name: label('Triage'), policy: 'first', constants: [] },
  inputs: [
    { id: 'type', label: label('Type'), expr: 'case.type' },
    { id: 'amount', label: label('Amount'), expr: 'case.amount', currency: 'CNY' },
  ],
  outputs: [
    { id: 'team', label: label('Team'), type: 'string' },
    { id: 'severity', label: label('Severity'), type: 'string', oneOf: ['P0', 'P1', 'P2', 'P3'] },
    { id: 'budget', label: label('Time'), type: 'dur' },
  ],
  rows: [
    { when: ['impossible_sequence', '>= 100.00'], give: ['control', 'P0', '90m'] },
    { when: ['impossible_sequence', ''], give: ['logistics', '', ''] },
  ],
}
type Text = typeof TEXT
const post = <T>(verb: string, body: object) => anna.post<T>(`/v1/tables/triage/${verb}`, body)
const table = async () => (await api.get<Of<'getTable'>>('/v1/tables/triage')).body
const impossible = (no: string, price: number) => [
  placed(no, { lines: [{ sku: 'A', qty: 1, price }] }),
  event('parcel.handed_over', { ref: { orderNo: no } }, { time: '2026-10-30T08:00:00Z' }),
]
const caseOf = async (no: string) =>
  (await api.get<Of<'listCases'>>(`/v1/cases?type=impossible_sequence&q=${no}`)).body.items[0]!
async function inForce(holds: () => Promise<boolean>): Promise<void> {
  await eventually(holds, 'the table is in force')
}

test('a table is checked without saving it: cells, results that nothing uses, gaps and overlaps', async () => {
  const check = async (text: object) => (await post<Of<'checkTable'>>('check', { text })).body
  assert.equal((await table()).versions.length, 0)
  assert.deepEqual((await check((await table()).starter)).problems, [])
  const good = await check(TEXT)
  assert.deepEqual([good.ok, good.findings.map(f => f.code)], [true, ['gap']])
  assert.equal(good.sheet.en.split('\r\n')[1], 'impossible_sequence\t>= 100.00\tcontrol\tP0\t90m')
  const overlap = await check({ ...TEXT, policy: 'unique' })
  assert.ok(overlap.findings.some(f => f.code === 'overlap' && f.rows.join() === '0,1' && f.example !== null))
  const bad = await check({ ...TEXT, rows: [{ when: ['a', 'much'], give: ['x', 'P9', '1h'] }] })
  assert.deepEqual(
    [bad.ok, bad.problems.map(p => [p.code, p.row, p.column])],
    [
      false,
      [
        ['bad_cell', 0, 1],
        ['not_allowed', 0, 3],
      ],
    ],
  )
  const collected = await check({ ...TEXT, policy: 'collect' })
  assert.match(collected.problems[0]!.message.en, /^One row decides here/)
  const endless = await check({ ...TEXT, rows: [{ when: ['', ''], give: ['', '', '90000d'] }] })
  assert.deepEqual(
    endless.problems.map(p => [p.row, p.column]),
    [[0, 4]],
  )
  const foreign = await check({ ...TEXT, outputs: [{ id: 'colour', label: label('x'), type: 'string' }], rows: [] })
  assert.match(foreign.problems[0]!.message.en, /Nothing here uses the result colour/)
})

test('what a table is begun with decides as is decided without one', async () => {
  const { starter } = await table()
  for (const type of ['feed_silent', 'unmatched_timeout'])
    for (const severity of SEVERITIES) {
      const row = starter.rows.find(({ when: [t, s] }) => (t === '' || t === type) && s === severity)
      assert.equal(row?.give[2], `${budgetOf(type, severity) / 3_600_000}h`)
    }
  assert.notEqual(budgetOf('unmatched_timeout', 'P3'), BUDGETS.P3)
})

test('rows come in from a spreadsheet as they went out', async () => {
  const { sheet } = (await post<Of<'checkTable'>>('check', { text: TEXT })).body
  const pasted = await post<{ text: Text }>('paste', { text: { ...TEXT, rows: [] }, sheet: sheet.zh })
  assert.deepEqual(pasted.body.text, TEXT)
  const wrong = await post('paste', { text: TEXT, sheet: 'a\tb' })
  assertProblem(wrong, 422, 'table_sheet_refused')
})

test('a table in force gives cases their team, severity and time; those that nobody took up are decided anew', async () => {
  await api.tell(...impossible('T-1', 20_000), ...impossible('T-2', 20_000))
  const before = await caseOf('T-1')
  assert.equal(before.owner, null)
  const trial = (await post<Of<'tryTable'>>('try', { text: TEXT })).body
  assert.deepEqual(trial.items.find(i => i.orderNo === 'T-1' && i.type === 'impossible_sequence')?.values, {
    team: 'control',
    severity: 'P0',
    budget: 5_400_000,
  })

  const draft = (await post<Of<'saveTableDraft'>>('draft', { text: TEXT, reason: 'first try', seen: null })).body
  assert.deepEqual([draft.version, draft.author, draft.frozen], [1, 'user:anna', false])
  assertProblem(await post('draft', { text: TEXT, reason: 'again', seen: null }), 409, 'table_draft_conflict')
  await anna.post(`/v1/cases/${(await caseOf('T-2')).id}/acknowledge`, {})
  const turn = (await post<Of<'activateTable'>>('activate', { version: 1, reason: 'it is time' })).body
  assert.deepEqual([turn.version, turn.by], [1, 'user:anna'])
  await inForce(async () => (await caseOf('T-1')).owner === 'team:control')
  const after = await caseOf('T-1')
  assert.deepEqual([after.severity, after.owner, after.budgetMs], ['P0', 'team:control', 5_400_000])
  // Taken up by a person: it stays with them.
  assert.equal((await caseOf('T-2')).owner, 'user:anna')
  await api.tell(...impossible('T-3', 100))
  assert.deepEqual([(await caseOf('T-3')).owner, (await caseOf('T-3')).severity], ['team:logistics', before.severity])

  assertProblem(await post('activate', { version: 1, reason: 'again' }), 409, 'table_stands_already')
  assertProblem(await post('activate', { version: 7, reason: 'which' }), 404, 'table_version_not_found')
  // What was in force is not written over.
  const next = { ...TEXT, rows: TEXT.rows.slice(1) }
  const second = (await post<Of<'saveTableDraft'>>('draft', { text: next, reason: 'simpler', seen: draft.hash })).body
  assert.equal(second.version, 2)
  const { live, versions } = await table()
  assert.deepEqual(
    [live?.version, versions.map(v => [v.version, v.frozen])],
    [
      1,
      [
        [2, false],
        [1, true],
      ],
    ],
  )
  await post('activate', { version: null, reason: 'off' })
  await inForce(async () => (await caseOf('T-1')).owner === null)
  assert.equal((await caseOf('T-1')).severity, before.severity)
})
