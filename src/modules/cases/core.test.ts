import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TICK } from '../../contract/stream.ts'
import { HOUR } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { casesReactor } from './core.ts'
import { dueAtOf } from './core-rows.ts'
import { added, ask, caseId, cleared, type Play, raised, START, STREAM, tell, theCase, viewOf } from './fixtures.ts'

const LATE = caseId('late_type')
const open = tell(START, [raised('late', 1000)])
const anna = (play: Play, type: string, body: JsonObject = {}, at = 5000): Play =>
  ask(play, { type, body: { case: LATE, ...body }, at })
/** The same, and it must be carried out. */
const did = (...asked: Parameters<typeof anna>): Play => {
  const after = anna(...asked)
  assert.ok(!('refused' in after.last), `refused: ${JSON.stringify(after.last)}`)
  return after
}
const CLOSE = { cause: 'carrier', result: 'Parcel found and delivered' }

describe('a finding', () => {
  it('opens a case with its evidence, at the instant of the flip', () => {
    assert.deepEqual(added(START, open), ['finding.raised', 'case.opened'])
    const fact = open.ledger[1]!
    assert.equal(fact.actor, 'rule:late@3')
    assert.equal(fact.occurredAt, 1000)
    assert.deepEqual(fact.body, {
      case: LATE,
      type: 'late_type',
      scope: '',
      severity: 'P1',
      rule: 'late',
      version: 3,
      clears: 'auto',
      at: 1000,
      evidence: { 'order.paidAt': 1000 },
      budget: 4 * HOUR,
    })
    const c = theCase(open)
    assert.deepEqual([c.status, c.holds, c.openedAt, c.reopened], ['open', true, 1000, 0])
  })

  it('of another scope is another case, of the same scope only more evidence', () => {
    const two = tell(open, [raised('late', 1100, { scope: 'parcel-1' })])
    assert.equal(Object.keys(two.state.cases).length, 2)
    assert.notEqual(caseId('late_type', 'parcel-1'), LATE)
    const more = tell(two, [raised('later', 1200, { type: 'late_type', evidence: { 'order.x': 7 } })])
    assert.deepEqual(added(two, more), ['finding.raised'])
    assert.equal(Object.keys(more.state.cases).length, 2)
    assert.deepEqual(more.state.findings.later!.evidence, { 'order.x': 7 })
  })

  it('opens one case when two rules of one type raise it in the same row', () => {
    const both = tell(START, [
      raised('a', 10, { type: 't' }),
      raised('b', 10, { type: 't' }),
      raised('a', 10, { type: 't' }),
    ])
    assert.deepEqual(added(START, both), ['finding.raised', 'finding.raised', 'finding.raised', 'case.opened'])
    assert.equal(both.state.findings.a!.opens, undefined)
  })

  it('that is gone again within its own row leaves a case that cleared', () => {
    const gone = tell(START, [raised('late', 10), cleared('late', 20)])
    assert.deepEqual(added(START, gone), ['finding.raised', 'finding.cleared', 'case.opened', 'case.cleared'])
    const c = theCase(gone)
    assert.deepEqual([c.status, c.status === 'cleared' && c.clearedAt], ['cleared', 20])
  })
})

describe('a finding that clears', () => {
  it('ends a case that nobody works on', () => {
    for (const play of [open, anna(open, 'case.acknowledge')]) {
      const after = tell(play, [cleared('late', 9000)])
      assert.deepEqual(added(play, after), ['finding.cleared', 'case.cleared'])
      const c = theCase(after)
      assert.deepEqual([c.status, c.holds, c.status === 'cleared' && c.clearedAt], ['cleared', false, 9000])
    }
  })

  it('asks for a look where the type says so', () => {
    const look = tell(START, [raised('late', 1000, { clears: 'look' })])
    const c = theCase(tell(look, [cleared('late', 9000)]))
    assert.deepEqual([c.status, c.holds, c.status === 'open' && c.clearedAt], ['open', false, 9000])
  })

  it('leaves a case in work with its owner', () => {
    const c = theCase(tell(anna(open, 'case.start'), [cleared('late', 9000)]))
    assert.deepEqual([c.status, c.owner, c.holds], ['working', 'user:anna', false])
    assert.equal(c.status === 'working' && c.clearedAt, 9000)
  })

  it('does not end the case while another rule of its type holds', () => {
    const two = tell(open, [raised('other', 1100, { type: 'late_type' })])
    const one = tell(two, [cleared('late', 2000)])
    assert.deepEqual(added(two, one), ['finding.cleared'])
    assert.equal(theCase(tell(one, [cleared('other', 3000)])).status, 'cleared')
  })

  it('is marked once, also when more waits in the queue', () => {
    const after = tell(open, [cleared('late', 2000), raised('x', 2000), cleared('late', 2000)])
    assert.equal(after.ledger.filter(f => f.type === 'case.cleared').length, 1)
  })

  it('and is back before the case was marked is a case that holds', () => {
    const after = tell(open, [cleared('late', 2000), raised('late', 2000)])
    assert.deepEqual(added(open, after), ['finding.cleared', 'finding.raised', 'case.cleared', 'case.reopened'])
    assert.deepEqual([theCase(after).status, theCase(after).holds], ['open', true])
  })

  it('of a rule that is named like what every object has is a finding like any other', () => {
    for (const rule of ['__proto__', 'constructor']) {
      const play = tell(START, [raised(rule, 10), cleared(`${rule}x`, 11)])
      assert.deepEqual(Object.keys(play.state.findings), [rule])
      assert.deepEqual(tell(START, [cleared(rule, 10)]).state, START.state)
      assert.equal(theCase(tell(play, [cleared(rule, 20)]), `${rule}_type`).status, 'cleared')
    }
  })

  it('and was never raised changes nothing', () => {
    const after = tell(open, [cleared('nobody', 2000)])
    assert.deepEqual(after.state, open.state)
  })
})

describe('a finding that returns', () => {
  const gone = tell(open, [cleared('late', 2000)])

  it('re-opens the same case with a link and a count', () => {
    const back = tell(gone, [raised('late', 8000, { severity: 'P0' })])
    assert.deepEqual(added(gone, back), ['finding.raised', 'case.reopened'])
    const { times, from, reopenedFrom, at } = back.ledger.at(-1)!.body
    assert.deepEqual({ times, from, reopenedFrom, at }, { times: 1, from: 'cleared', reopenedFrom: 2000, at: 8000 })
    const c = theCase(back)
    assert.deepEqual([c.status, c.severity, c.openedAt, c.reopened, c.reopenedFrom], ['open', 'P0', 1000, 1, 2000])
  })

  it('re-opens resolved and closed cases, which must be acknowledged anew', () => {
    const resolved = tell(anna(open, 'case.resolve', { result: 'done' }), [cleared('late', 6000)])
    const closed = anna(resolved, 'case.close', CLOSE, 7000)
    for (const [play, from] of [
      [resolved, 5000],
      [closed, 7000],
    ] as const) {
      const c = theCase(tell(play, [raised('late', 8000)]))
      assert.deepEqual([c.status, c.reopened, c.reopenedFrom], ['open', 1, from])
      assert.equal('acknowledgedAt' in c || 'closedAt' in c || 'cause' in c, false)
    }
  })

  it('takes the mark from a case in work and leaves it in work', () => {
    const marked = tell(anna(open, 'case.start'), [cleared('late', 6000)])
    const c = theCase(tell(marked, [raised('late', 8000)]))
    assert.deepEqual([c.status, c.owner, c.holds, c.reopened], ['working', 'user:anna', true, 1])
    assert.equal(c.status === 'working' && c.clearedAt, null)
  })
})

describe('commands', () => {
  it('take a case through its life', () => {
    let play = did(open, 'case.acknowledge', {}, 2000)
    assert.deepEqual(play.last, {
      facts: [{ type: 'case.acknowledged', body: { case: LATE, owner: 'user:anna' }, actor: 'user:anna' }],
      sends: [],
      answer: { case: LATE, status: 'acknowledged' },
    })
    play = did(play, 'case.assign', { owner: 'user:bo', note: 'knows the carrier' }, 2100)
    play = did(play, 'case.start', {}, 2200)
    play = did(play, 'case.note', { text: 'called them' }, 2300)
    play = did(play, 'case.set_severity', { severity: 'P0', reason: 'big customer' }, 2400)
    play = did(play, 'case.resolve', { result: 'found' }, 2500)
    play = did(tell(play, [cleared('late', 2600)]), 'case.close', CLOSE, 2700)
    const { last, ...c } = theCase(play)
    assert.deepEqual(c, {
      ...{ id: LATE, type: 'late_type', scope: '', severity: 'P0', rule: 'late', version: 3, clears: 'auto' },
      ...{ holds: false, owner: 'user:bo', openedAt: 1000, notes: 1, reopened: 0, reopenedFrom: null, overrides: 0 },
      ...{ snoozedUntil: null, budget: HOUR, paused: 0, byHand: true },
      ...{ status: 'closed', acknowledgedAt: 2000, resolvedAt: 2500, closedAt: 2700, cause: 'carrier' },
    })
    assert.deepEqual(last, { seq: play.ledger.length, at: 2700, type: 'case.closed', actor: 'user:anna' })
  })

  it('let a case wait for somebody, which does not count and ends by itself', () => {
    let play = did(open, 'case.start', {}, 2000)
    play = did(play, 'case.wait', { for: 'party:carrier', until: 9000, note: 'they look for it' }, 3000)
    const c = theCase(play)
    assert.ok(c.status === 'waiting')
    assert.deepEqual(
      [c.waitingFor, c.waitingSince, c.waitingUntil, c.owner],
      ['party:carrier', 3000, 9000, 'user:anna'],
    )
    assert.equal(dueAtOf(c, null), 1000 + 4 * HOUR + 6000)
    assert.equal(casesReactor.wakeAt!(viewOf(play.state), 3000), 9000)
    const woken = tell(play, casesReactor.react(viewOf(play.state), TICK, 9000).facts ?? [])
    assert.deepEqual(
      [theCase(woken).status, theCase(woken).paused, theCase(woken).owner],
      ['working', 6000, 'user:anna'],
    )
    assert.equal(casesReactor.wakeAt!(viewOf(woken.state), 9000), null)
    const back = did(play, 'case.resume', {}, 4000)
    assert.deepEqual([theCase(back).status, theCase(back).paused], ['working', 1000])
    const longer = did(play, 'case.wait', { for: 'party:shop', until: 12_000 }, 5000)
    assert.equal(theCase(longer).paused, 2000)
    const unbegun = did(did(open, 'case.wait', { for: 'x', until: 9000 }, 3000), 'case.resume', {}, 4000)
    assert.deepEqual([theCase(unbegun).status, theCase(unbegun).owner], ['acknowledged', 'user:anna'])
    assert.equal(dueAtOf(theCase(did(play, 'case.resolve', {}, 8000)), null), 1000 + 4 * HOUR + 5000)
  })

  it('put a case aside until later, and take that back', () => {
    const play = did(open, 'case.snooze', { until: 9000 }, 2000)
    assert.deepEqual([theCase(play).status, theCase(play).snoozedUntil], ['open', 9000])
    assert.deepEqual(did(play, 'case.snooze', { until: 9000 }, 3000).last, {
      ...{ facts: [], sends: [], answer: { case: LATE, status: 'open' } },
    })
    assert.equal(theCase(did(play, 'case.snooze', { until: null }, 3000)).snoozedUntil, null)
  })

  it('give a case back as it was before', () => {
    const mine = did(did(open, 'case.assign', { owner: 'team:east' }, 1500), 'case.acknowledge', {}, 2000)
    const back = theCase(did(mine, 'case.release', { owner: 'team:east' }, 3000))
    assert.deepEqual([back.status, back.owner], ['open', 'team:east'])
    assert.equal('acknowledgedAt' in back, false)
    assert.equal(theCase(did(mine, 'case.release', {}, 3000)).owner, null)
  })

  it('an earlier promise binds the deadline; a broken one does not', () => {
    const c = theCase(open)
    assert.equal(dueAtOf(c, 5000), 5000)
    assert.equal(dueAtOf(c, 900), 1000 + 4 * HOUR)
    const severe = theCase(did(open, 'case.set_severity', { severity: 'P0', reason: 'r' }, 2000))
    assert.equal(dueAtOf(severe, null), 1000 + HOUR)
    const again = theCase(tell(tell(open, [cleared('late', 2000)]), [raised('late', 50_000)]))
    assert.equal(dueAtOf(again, null), 50_000 + 4 * HOUR)
  })

  it('that ask for what is so already add nothing', () => {
    const mine = anna(open, 'case.acknowledge')
    for (const [type, body] of [
      ['case.assign', { owner: 'user:anna' }],
      ['case.set_severity', { severity: 'P1', reason: 'r' }],
    ] as const) {
      assert.deepEqual(anna(mine, type, body).last, {
        facts: [],
        sends: [],
        answer: { case: LATE, status: 'acknowledged' },
      })
    }
  })

  it('take up again what cleared by itself, for a look', () => {
    const again = anna(tell(open, [cleared('late', 2000)]), 'case.reopen', { reason: 'I doubt it' }, 3000)
    const c = theCase(again)
    assert.deepEqual([c.status, c.holds, c.reopened, c.reopenedFrom], ['open', false, 1, 2000])
    assert.equal(theCase(tell(again, [raised('x', 4000), cleared('x', 5000)])).status, 'open')
  })

  it('close over an anomaly that holds only with a reason, which is counted', () => {
    const closed = anna(open, 'case.close', { ...CLOSE, override: { reason: 'customer accepts' } })
    assert.deepEqual([theCase(closed).status, theCase(closed).holds, theCase(closed).overrides], ['closed', true, 1])
    const gone = tell(closed, [cleared('late', 6000)])
    assert.deepEqual(added(closed, gone), ['finding.cleared'])
    assert.equal(theCase(tell(gone, [raised('late', 7000)])).status, 'open')
  })

  it('do not count an override that was not needed', () => {
    const closed = anna(tell(open, [cleared('late', 2000)]), 'case.close', { ...CLOSE, override: { reason: 'r' } })
    assert.deepEqual([theCase(closed).overrides, closed.ledger.at(-1)!.body.override], [0, undefined])
    const c = theCase(closed)
    assert.deepEqual(c.status === 'closed' && [c.acknowledgedAt, c.resolvedAt, c.closedAt], [5000, 2000, 5000])
  })
})

describe('refusals', () => {
  const working = anna(open, 'case.start')
  const gone = tell(open, [cleared('late', 2000)])
  const long = 'x'.repeat(2001)
  const table: readonly [string, Play, string, JsonObject, string, JsonObject?][] = [
    ['no case', open, 'case.note', { case: caseId('none'), text: 'a' }, 'case_not_found'],
    [
      'a name of every object',
      open,
      'case.note',
      { case: 'constructor', text: 'a' },
      'body_invalid',
      { field: 'case' },
    ],
    ['acknowledged twice', working, 'case.acknowledge', {}, 'wrong_status', { status: 'working', allowed: ['open'] }],
    ['start what cleared', gone, 'case.start', {}, 'wrong_status', { status: 'cleared' }],
    ['resolve what cleared', gone, 'case.resolve', {}, 'wrong_status'],
    ['reopen what is open', open, 'case.reopen', { reason: 'r' }, 'wrong_status'],
    ['wait in the past', open, 'case.wait', { for: 'x', until: 3 }, 'until_past', { until: 3 }],
    ['snooze in the past', open, 'case.snooze', { until: 3 }, 'until_past'],
    ['resume what does not wait', working, 'case.resume', {}, 'wrong_status'],
    ['give back what is nobody’s', open, 'case.release', {}, 'wrong_status'],
    ['work without an owner', working, 'case.assign', { owner: null }, 'owner_required'],
    ['no cause', open, 'case.close', { result: 'r' }, 'cause_required', { field: 'cause' }],
    ['unknown cause', open, 'case.close', { cause: 'toString', result: 'r' }, 'cause_unknown', { cause: 'toString' }],
    ['no result', open, 'case.close', { cause: 'other' }, 'result_required'],
    ['blank result', open, 'case.close', { cause: 'other', result: '  ' }, 'result_required'],
    ['long result', open, 'case.close', { cause: 'other', result: long }, 'result_required'],
    ['still holds', open, 'case.close', CLOSE, 'anomaly_still_holds', { rules: ['late'] }],
    [
      'override without a reason',
      open,
      'case.close',
      { ...CLOSE, override: {} },
      'body_invalid',
      { field: 'override.reason' },
    ],
    ['unknown field', open, 'case.note', { text: 'a', txt: 'b' }, 'body_invalid', { field: 'txt' }],
    ['NUL', open, 'case.note', { text: 'a\0b' }, 'body_invalid', { field: 'text' }],
    ['half a character', open, 'case.note', { text: 'a\ud83d' }, 'body_invalid', { field: 'text' }],
    ['severity', open, 'case.set_severity', { severity: 'P9', reason: 'r' }, 'body_invalid', { field: 'severity' }],
    ['no such command', open, 'case.explode', {}, 'command_unknown'],
  ]
  for (const [name, play, type, body, code, detail] of table) {
    it(`${code}: ${name}`, () => {
      const after = anna(play, type, body)
      assert.deepEqual(after.state, play.state)
      assert.ok('refused' in after.last)
      assert.equal(after.last.refused, code)
      assert.partialDeepStrictEqual(after.last.detail ?? {}, detail ?? {})
    })
  }
})

describe('webhooks', () => {
  const life = (more = {}): Play => {
    const back = tell(
      tell(tell(START, [raised('late', 1000)], more), [cleared('late', 2000)], more),
      [raised('late', 3000)],
      more,
    )
    const gone = tell(back, [cleared('late', 4000)], more)
    return ask(gone, { type: 'case.close', body: { case: LATE, ...CLOSE }, at: 5000 }, more)
  }

  it('say what opened, re-opened and ended, each under a key of its own', () => {
    const { sends } = life()
    const keys = ['case.opened/0', 'case.cleared/0', 'case.reopened/1', 'case.cleared/1', 'case.closed/1']
    assert.deepEqual(
      sends.map(s => s.key.replace(`/${LATE}`, '')),
      keys,
    )
    assert.equal(sends[0]!.body.stream, STREAM)
    assert.equal(sends.at(-1)!.body.cause, 'carrier')
    assert.equal('result' in sends.at(-1)!.body, false)
  })

  it('stay silent for history and when nobody listens', () => {
    assert.deepEqual(life({ historical: true }).sends, [])
    assert.deepEqual(life({ refs: {} }).sends, [])
  })
})
