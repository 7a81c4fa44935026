import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { CAUSES } from '../../../src/contract/causes.ts'
import { checkCommand } from '../../../src/contract/commands.ts'
import { DAY, HOUR, MINUTE } from './calendar.ts'
import { isOfTeam, type Move, moveOf, type SeenCase, TEAM } from './staff.ts'
import { isKnown, workOf } from './work.ts'

const OPENED = Date.UTC(2026, 10, 21, 3)

const seen = (n: number, more: Partial<SeenCase> = {}): SeenCase => ({
  ...{ id: `c-${n}`, type: 'handover_late', severity: 'P1', status: 'open', holds: true, owner: null },
  ...{ openedAt: OPENED, updatedAt: OPENED },
  ...more,
})
const many = (more: Partial<SeenCase> = {}): SeenCase[] => Array.from({ length: 300 }, (_, n) => seen(n, more))

test('the team takes its share, and leaves the rest to whoever practises', () => {
  const taken = many().filter(c => moveOf(1, c, OPENED + 4 * HOUR) !== null)
  assert.ok(taken.length > 180 && taken.length < 240, String(taken.length))
  assert.ok(
    many().every(c => moveOf(1, c, OPENED + DAY) !== null),
    'what nobody took for most of a day is taken too',
  )
  assert.deepEqual(
    many().filter(c => moveOf(1, c, OPENED) !== null),
    [],
    'nobody is there in the same second',
  )
})

test('what somebody else has taken is left alone; what the team has taken is carried on by the same one', () => {
  const started = { status: 'acknowledged' as const }
  assert.ok(many({ ...started, owner: 'user:anna' }).every(c => moveOf(1, c, OPENED + DAY) === null))
  for (const c of many({ ...started, owner: `user:${TEAM[2]}` })) assert.equal(moveOf(1, c, OPENED + DAY)?.who, TEAM[2])
  assert.equal(isOfTeam(null), false)
})

/** Plays one case to its end; what was done, in order. */
function played(first: SeenCase, clearsAt: number): Move[] {
  const moves: Move[] = []
  const after: { readonly [verb: string]: string } = { acknowledge: 'acknowledged', start: 'working', close: 'closed' }
  let c = first
  for (let now = OPENED; now < OPENED + 3 * DAY; now += MINUTE) {
    c = { ...c, holds: now < clearsAt }
    const move = moveOf(1, c, now)
    if (move === null) continue
    moves.push(move)
    c = { ...c, status: after[move.verb]!, owner: `user:${move.who}`, updatedAt: now }
  }
  return moves
}

test('a case goes its way, is closed with a cause that there is, and never while it holds', () => {
  const cases = many().filter(c => moveOf(1, c, OPENED + DAY) !== null)
  for (const c of cases.slice(0, 40)) {
    const moves = played(c, OPENED + 5 * HOUR)
    assert.deepEqual(
      moves.map(m => m.verb),
      ['acknowledge', 'start', 'close'],
    )
    assert.equal(new Set(moves.map(m => m.who)).size, 1)
    const close = moves[2]!.body as { cause: string }
    assert.ok(Object.hasOwn(CAUSES, close.cause))
    for (const { verb, body } of moves) {
      const type = `case.${verb}` as 'case.close'
      const checked = checkCommand(type, { ...body, case: `c-${'0'.repeat(26)}` })
      assert.ok(!('problem' in checked), JSON.stringify(checked))
    }
    assert.deepEqual(
      played(c, OPENED + 9 * DAY).map(m => m.verb),
      ['acknowledge', 'start'],
      'it still holds',
    )
  }
})

const PACKS = ['core', 'retail', 'made-to-order'] as const
const typesOf = (pack: string): string[] => {
  const text = readFileSync(new URL(`../../../packs/${pack}.yaml`, import.meta.url), 'utf8')
  return parse(text).rules.map((rule: { type: string }) => rule.type)
}

test('the team knows every type of case that the packs can open', () => {
  const types = [...PACKS.flatMap(typesOf), 'unmatched_timeout']
  assert.ok(types.length > 60, String(types.length))
  assert.deepEqual(
    types.filter(type => !isKnown(type)),
    [],
  )
  for (const type of types) for (const cause of workOf(type).causes) assert.ok(Object.hasOwn(CAUSES, cause), cause)
})

test('what stays a fact is closed although it holds, and it is said why', () => {
  const lost = many({ type: 'parcel_damaged_or_lost', status: 'working', owner: `user:${TEAM[0]}` })
  for (const c of lost) {
    const move = moveOf(1, c, OPENED + DAY)
    assert.equal(move?.verb, 'close')
    const checked = checkCommand('case.close', { ...move!.body, case: `c-${'0'.repeat(26)}` })
    assert.ok(!('problem' in checked) && 'override' in move!.body, JSON.stringify(checked))
  }
})
