import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HOUR } from '../../kernel/instant.ts'
import { caseRows, findingRows, openCases, type Subject } from './core-rows.ts'
import { ask, caseId, cleared, raised, START, STREAM, tell } from './fixtures.ts'

const subject: Subject = {
  orderNo: 'A-1',
  channel: 'olist',
  amount: 14190,
  currency: 'BRL',
  region: 'SP',
  promiseEndsAt: null,
}
const LATE = caseId('late_type')
const open = tell(START, [raised('late', 1000)])
const side = (play: typeof open, s = subject) => ({ state: play.state, subject: s })

describe('case rows', () => {
  it('carry the whole case', () => {
    assert.deepEqual(caseRows(STREAM, side(START), side(open)), [
      {
        ...{
          case_id: LATE,
          stream: STREAM,
          version: 2,
          order_no: 'A-1',
          channel: 'olist',
          type: 'late_type',
          scope: '',
        },
        ...{ severity: 'P1', status: 'open', holds: true, owner: null, rule: 'late', rule_version: 3, cause: null },
        ...{ reopened: 0, amount: 14190, currency: 'BRL', opened_at: 1000, acknowledged_at: null, resolved_at: null },
        ...{ closed_at: null, due_at: 1000 + 4 * HOUR, updated_at: 1000, region: 'SP', promise_ends_at: null },
        ...{ waiting_for: null, waiting_since: null, waiting_until: null, snoozed_until: null },
        ...{ budget: 4 * HOUR, paused: 0, over: false, ended_at: null },
      },
    ])
  })

  it('are those of the changed cases only, of all when the subject changed', () => {
    const two = tell(open, [raised('more', 1500)])
    assert.deepEqual(
      caseRows(STREAM, side(open), side(two)).map(r => r.type),
      ['more_type'],
    )
    assert.deepEqual(caseRows(STREAM, side(two), side(two, { ...subject })), [])
    assert.equal(caseRows(STREAM, side(two), side(two, { ...subject, amount: 1 })).length, 2)
  })

  it('of a rebuild equal the last ones that the steps wrote', () => {
    const plays = [open]
    plays.push(tell(plays.at(-1)!, [raised('more', 1500)]))
    plays.push(ask(plays.at(-1)!, { type: 'case.start', body: { case: LATE }, at: 2000 }))
    plays.push(tell(plays.at(-1)!, [cleared('late', 3000), cleared('more', 3000)]))
    plays.push(ask(plays.at(-1)!, { type: 'case.close', body: { case: LATE, cause: 'other', result: 'r' }, at: 4000 }))
    const written = new Map()
    plays.forEach((play, i) => {
      for (const row of caseRows(STREAM, i === 0 ? null : side(plays[i - 1]!), side(play)))
        written.set(row.case_id, row)
    })
    const rebuilt = caseRows(STREAM, null, side(plays.at(-1)!))
    assert.deepEqual([...written.values()], rebuilt)
    assert.deepEqual(
      rebuilt.map(r => [r.status, r.acknowledged_at, r.resolved_at, r.closed_at, r.cause, r.owner]),
      [
        ['closed', 2000, 4000, 4000, 'other', 'user:anna'],
        ['cleared', null, 3000, null, null, null],
      ],
    )
  })
})

describe('finding rows', () => {
  it('say what holds, since when, and what it read', () => {
    const gone = tell(open, [cleared('late', 2000), raised('late', 2500, { scope: 'line-1' })])
    const row = { stream: STREAM, rule: 'late', rule_version: 3, type: 'late_type', severity: 'P1' }
    const evidence = { 'order.paidAt': 1000 }
    assert.deepEqual(findingRows(STREAM, open.state, gone.state), [
      { ...row, finding: 'late', holds: false, raised_at: 1000, cleared_at: 2000, evidence },
      { ...row, finding: 'late/line-1', holds: true, raised_at: 2500, cleared_at: null, evidence },
    ])
    assert.deepEqual(findingRows(STREAM, gone.state, gone.state), [])
    assert.equal(findingRows(STREAM, null, gone.state).length, 2)
  })
})

describe('an order', () => {
  it('shows how many cases are not over and the worst of them', () => {
    assert.deepEqual(openCases(START.state), { open: 0, worst: null })
    const three = tell(open, [raised('a', 1, { severity: 'P3' }), raised('b', 1, { severity: 'P0' })])
    assert.deepEqual(openCases(three.state), { open: 3, worst: 'P0' })
    assert.deepEqual(openCases(tell(three, [cleared('b', 2)]).state), { open: 2, worst: 'P1' })
  })
})
