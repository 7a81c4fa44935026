import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Change, differencesOf, isFrozen, type Move, stageOf, turnAt, turnsOf } from './core-life.ts'
import { bodyOf, shipPlan } from './core-ship.ts'
import type { RuleDef } from './types.ts'

let n = 0
const change = (activeFrom: number, ...moves: Move[]): Change => ({
  ...{ n: ++n, activeFrom, by: 'user:anna', reason: 'because', at: activeFrom, moves },
})
const to = (where: Move['to'], version: number, rule = 'a'): Move => ({ rule, version, to: where })
const standing = (changes: readonly Change[], at: number) => turnAt(turnsOf(changes), at)?.standings.get('a')

describe('standings', () => {
  it('a version in shadow runs beside the live one, and takes its place', () => {
    const changes = [change(0, to('live', 1)), change(10, to('shadow', 2)), change(20, to('live', 2))]
    assert.deepEqual(standing(changes, 9), { live: 1, shadow: null })
    assert.deepEqual(standing(changes, 10), { live: 1, shadow: 2 })
    assert.deepEqual(standing(changes, 20), { live: 2, shadow: null })
  })

  it('retired and draft both end that a version runs, and leave the other one alone', () => {
    const both = [change(0, to('live', 1)), change(1, to('shadow', 2))]
    assert.deepEqual(standing([...both, change(2, to('draft', 2))], 2), { live: 1, shadow: null })
    assert.deepEqual(standing([...both, change(2, to('retired', 1))], 2), { live: null, shadow: 2 })
    assert.equal(standing([...both, change(2, to('retired', 1), to('retired', 2))], 2), undefined)
  })

  it('changes take effect in the order of their instants, at one instant the later one counts', () => {
    const later = [change(0, to('live', 1)), change(100, to('live', 2)), change(50, to('live', 3))]
    assert.deepEqual([standing(later, 60)?.live, standing(later, 100)?.live], [3, 2])
    const same = [change(0, to('live', 1)), change(100, to('live', 2)), change(100, to('live', 1))]
    assert.equal(turnsOf(same).length, 2)
    assert.equal(standing(same, 100)?.live, 1)
  })

  it('before the first change, what it brings stands: history is decided by it', () => {
    assert.equal(standing([change(50, to('live', 1))], 10)?.live, 1)
  })
})

describe('stages', () => {
  const changes = [change(10, to('live', 1)), change(20, to('shadow', 2)), change(30, to('live', 2))]
  const stages = (at: number) => [1, 2, 3].map(version => stageOf({ rule: 'a', version }, changes, at))

  it('follow the standings; what is yet to come does not count', () => {
    assert.deepEqual(stages(15), ['live', 'draft', 'draft'])
    assert.deepEqual(stages(25), ['live', 'shadow', 'draft'])
    assert.deepEqual(stages(35), ['retired', 'live', 'draft'])
  })

  it('a version that any change names is frozen', () => {
    assert.deepEqual(
      [1, 2, 3].map(version => isFrozen({ rule: 'a', version }, changes)),
      [true, true, false],
    )
  })
})

const def = (version: number, when = 'order.cancelled', more: Partial<RuleDef> = {}): RuleDef => ({
  ...{ id: 'a', version, stage: 'live', name: { zh: '甲', en: 'A' }, reason: { zh: '甲', en: 'A' }, when, type: 't' },
  ...{ severity: 'P2', clears: 'auto', scope: 'order', constants: {}, examples: [], pack: 'core' },
  ...more,
})

describe('differences', () => {
  it('name the path of what differs and nothing else; an example is shown whole', () => {
    const limit = (value: number) => ({ limit: { type: 'dur' as const, value, label: { zh: '限', en: 'Limit' } } })
    const example = (now: number) => ({ facts: {}, now, holds: true })
    const before = bodyOf(def(1, 'x', { constants: limit(1), examples: [example(1)] }))
    const after = bodyOf(def(2, 'y', { constants: limit(2), examples: [example(2), example(3)] }))
    assert.deepEqual(
      differencesOf(before, after).map(d => d.path),
      ['when', 'constants.limit.value', 'examples[0]', 'examples[1]'],
    )
    assert.deepEqual(differencesOf(before, before), [])
  })
})

describe('what a release means for an installation', () => {
  const shipped = (d: RuleDef) => ({ def: d, hash: d.when })
  const kept = (version: number, hash: string, packVersion: number | null) => ({
    ...{ rule: 'a', version, hash, pack: packVersion === null ? null : 'core', packVersion },
  })
  const at = (...changes: Change[]) => ({ changes, standings: turnsOf(changes).at(-1)?.standings ?? new Map() })
  const plan = (rules: readonly RuleDef[], own: Parameters<typeof shipPlan>[1], changes: readonly Change[]) => {
    const { add, moves } = shipPlan(rules.map(shipped), own, at(...changes))
    return { add: add.map(a => a.version), moves }
  }

  it('first: every rule in its stage; a draft is kept and does not run', () => {
    assert.deepEqual(plan([def(3)], [], []), { add: [3], moves: [to('live', 3)] })
    assert.deepEqual(plan([def(1, 'x', { stage: 'draft' })], [], []), { add: [1], moves: [] })
  })

  it('the same text again is nothing, a newer text of an untouched rule follows the release', () => {
    const live = [change(0, to('live', 1))]
    assert.deepEqual(plan([def(1, 'x')], [kept(1, 'x', 1)], live), { add: [], moves: [] })
    assert.deepEqual(plan([def(2, 'y')], [kept(1, 'x', 1)], live), { add: [2], moves: [to('live', 2)] })
  })

  it('an older release brings nothing back', () => {
    const live = [change(0, to('live', 1)), change(1, to('live', 2))]
    assert.deepEqual(plan([def(1, 'x')], [kept(1, 'x', 1), kept(2, 'y', 2)], live), { add: [], moves: [] })
  })

  it('a rule that people changed or retired stays as they left it; the new text waits as a draft', () => {
    const changed = [change(0, to('live', 1)), change(1, to('live', 2))]
    assert.deepEqual(plan([def(2, 'y')], [kept(1, 'x', 1), kept(2, 'mine', null)], changed), { add: [3], moves: [] })
    const retired = [change(0, to('live', 1)), change(1, to('retired', 1))]
    assert.deepEqual(plan([def(2, 'y')], [kept(1, 'x', 1)], retired), { add: [2], moves: [] })
  })

  it('a draft that somebody only tries does not hold the release back', () => {
    const live = [change(0, to('live', 1))]
    const own = [kept(1, 'x', 1), kept(2, 'mine', null)]
    assert.deepEqual(plan([def(2, 'y')], own, live), { add: [3], moves: [to('live', 3)] })
  })

  it('what is shipped no more is retired, unless people made it theirs', () => {
    const live = [change(0, to('live', 1))]
    assert.deepEqual(plan([], [kept(1, 'x', 1)], live), { add: [], moves: [to('retired', 1)] })
    const ours = [change(0, to('live', 1)), change(1, to('live', 2))]
    assert.deepEqual(plan([], [kept(1, 'x', 1), kept(2, 'mine', null)], ours), { add: [], moves: [] })
  })
})
