import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StreamView } from '../../contract/stream.ts'
import { HOUR } from '../../kernel/instant.ts'
import { compileTable, type TableDef } from '../rules/index.ts'
import { casesReactor } from './core.ts'
import { triageFactSchema } from './facts.ts'
import { ask, caseId, type Play, raised, START, tell, theCase, viewOf } from './fixtures.ts'

const label = (en: string) => ({ zh: en, en })
const TABLE: TableDef = {
  ...{ id: 'triage', version: 4, name: label('Triage'), policy: 'first', constants: {} },
  inputs: [
    { id: 'type', label: label('Type'), expr: 'case.type' },
    { id: 'age', label: label('Age'), expr: 'now - case.openedAt' },
  ],
  outputs: [
    { id: 'team', label: label('Team'), type: 'string' },
    { id: 'severity', label: label('Severity'), type: 'string', oneOf: ['P0', 'P1', 'P2', 'P3'] },
    { id: 'budget', label: label('Time'), type: 'dur' },
  ],
  rows: [
    { when: ['late_type', '> 2h'], give: ['control', 'P0', '1h'] },
    { when: ['late_type', ''], give: ['logistics', '', '6h'] },
  ],
}
const triage = compileTable(TABLE, triageFactSchema)
const refs: Pick<StreamView, 'refs'> = { refs: { triage } }
const open = (at = 1000) => tell(START, [raised('late', at)], refs)
const tick = (play: Play, at: number, more: Partial<StreamView> = refs) =>
  casesReactor.react(viewOf(play.state, more), { type: 'tick' }, at).facts ?? []
const told = (play: Play) => {
  const { severity, owner, budget } = theCase(play)
  return [severity, owner, budget]
}

describe('triage by table', () => {
  it('gives a case its team and its time, and leaves alone what the table leaves empty', () => {
    assert.deepEqual(told(open()), ['P1', 'team:logistics', 6 * HOUR])
    assert.equal(theCase(open()).triage, 'triage@4:1')
    assert.deepEqual(told(tell(START, [raised('other', 1000, { type: 'late_type' })])), ['P1', null, 4 * HOUR])
  })

  it('is made again at the very instant at which time alone changes it', () => {
    const play = open()
    const at = 1000 + 2 * HOUR + 1
    assert.equal(casesReactor.wakeAt!(viewOf(play.state, refs), 1000), at)
    assert.deepEqual(tick(play, at - 1), [])
    const again = tell(play, tick(play, at), refs)
    assert.deepEqual(told(again), ['P0', 'team:control', HOUR])
    // Once: it is as the table says then.
    assert.deepEqual(tick(again, at + 1), [])
    assert.equal(casesReactor.wakeAt!(viewOf(again.state, refs), at), null)
  })

  it('starts from what the rule said, not from what triage made of it', () => {
    const play = tell(open(), tick(open(), 1000 + 3 * HOUR), refs)
    const lax = {
      refs: { triage: compileTable({ ...TABLE, rows: [{ when: ['', ''], give: ['', '', ''] }] }, triageFactSchema) },
    }
    assert.deepEqual(told(tell(play, tick(play, 1000 + 4 * HOUR, lax), lax)), ['P1', null, 4 * HOUR])
  })

  const hands = [
    ['case.acknowledge', {}],
    ['case.assign', { owner: 'user:bo' }],
    ['case.set_severity', { severity: 'P3', reason: 'harmless' }],
  ] as const
  for (const [type, body] of hands)
    it(`keeps its hands off after ${type}`, () => {
      const taken = ask(open(), { type, body: { case: caseId('late_type'), ...body }, at: 2000 }, refs)
      assert.deepEqual(tick(taken, 1000 + 3 * HOUR), [])
      assert.equal(casesReactor.wakeAt!(viewOf(taken.state, refs), 2000), null)
    })
})
