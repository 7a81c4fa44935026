import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { segmentsOf } from './core-clock.ts'
import { ask, caseId, cleared, type Play, raised, START, tell } from './fixtures.ts'

const LATE = caseId('late_type')
const open = tell(START, [raised('late', 1000)])
const did = (play: Play, type: string, at: number, body = {}): Play =>
  ask(play, { type, body: { case: LATE, ...body }, at })
const shown = (play: Play) => segmentsOf(play.ledger).map(s => [s.kind, s.from, s.to, s.who])

describe('the time of a case', () => {
  it('runs from the flip on, whatever is done', () => {
    const play = did(did(open, 'case.acknowledge', 2000), 'case.start', 3000)
    assert.deepEqual(shown(play), [['run', 1000, null, null]])
  })

  it('waits for each party by itself, and stops when the work is done', () => {
    let play = did(open, 'case.wait', 2000, { for: 'party:carrier', until: 9000 })
    play = did(play, 'case.wait', 3000, { for: 'party:shop', until: 9000 })
    play = did(did(play, 'case.resume', 4000), 'case.resolve', 5000)
    assert.deepEqual(shown(play), [
      ['run', 1000, 2000, null],
      ['wait', 2000, 3000, 'party:carrier'],
      ['wait', 3000, 4000, 'party:shop'],
      ['run', 4000, 5000, null],
      ['stop', 5000, null, null],
    ])
    assert.deepEqual(segmentsOf(play.ledger)[1]!.seq, 3)
  })

  it('begins again with a case that came back, and is over with one that went away', () => {
    const gone = tell(open, [cleared('late', 2000)])
    assert.deepEqual(shown(tell(gone, [raised('late', 8000)])), [
      ['run', 1000, 2000, null],
      ['stop', 2000, 8000, null],
      ['run', 8000, null, null],
    ])
    const marked = tell(did(open, 'case.start', 1500), [cleared('late', 2000)])
    assert.deepEqual(shown(marked), [['run', 1000, null, null]])
  })
})
