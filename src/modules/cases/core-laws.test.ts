import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { COMMAND_BODIES, checkCommand, isCaseCommandType } from '../../contract/commands.ts'
import { type Fact, type NewFact, NOTHING, TICK } from '../../contract/stream.ts'
import { casesReactor } from './core.ts'
import { ALLOWED } from './core-command.ts'
import { COLLECTIVE, SCOPES_APART } from './core-findings.ts'
import { ask, caseId, cleared, type Play, raised, START, tell, theCase, viewOf } from './fixtures.ts'
import { type Case, isActive } from './types.ts'

const RULES = ['a', 'b', 'c']
const SCOPES = ['', 'p1']
/** Rules a and b are of one type, so that two findings share a case. */
const typeOf = (rule: string): string => (rule === 'c' ? 'solo' : 'shared')

const change = fc.record({
  rule: fc.constantFrom(...RULES),
  scope: fc.constantFrom(...SCOPES),
  up: fc.boolean(),
  clears: fc.constantFrom('auto', 'look'),
})
type Change = (typeof change extends fc.Arbitrary<infer C> ? C : never) & object

const told = ({ rule, scope, up, clears }: Change, at: number): NewFact =>
  up ? raised(rule, at, { type: typeOf(rule), scope, clears }) : cleared(rule, at, { type: typeOf(rule), scope })

const bodyOf = fc.record({
  owner: fc.constantFrom('user:bo', null),
  cause: fc.constantFrom('carrier', 'carrier', 'carrier', 'nonsense'),
  result: fc.constantFrom('done', 'done', 'done', ' '),
  reason: fc.constant('because'),
  severity: fc.constantFrom('P0', 'P2'),
  text: fc.constant('a note'),
  for: fc.constant('party:carrier'),
  until: fc.constantFrom(500, 9_500, 20_500, 40_000),
  override: fc.constantFrom(undefined, { reason: 'must' }),
})
const asked = fc.record({
  type: fc.constantFrom(...Object.keys(ALLOWED)),
  case: fc.constantFrom(...SCOPES.flatMap(s => [caseId('shared', s), caseId('solo', s)])),
  body: bodyOf,
})
type Asking = (typeof asked extends fc.Arbitrary<infer C> ? C : never) & object

const row = fc.oneof(
  { arbitrary: fc.array(change, { minLength: 1, maxLength: 4 }), weight: 3 },
  { arbitrary: asked, weight: 4 },
)
const story = fc.array(row, { minLength: 1, maxLength: 30, size: 'max' })

/** Only the fields that the command takes, so that most of what is generated is well-formed. */
function fieldsFor({ type, case: id, body }: Asking) {
  if (!isCaseCommandType(type)) throw new Error(type)
  const takes = Object.keys(COMMAND_BODIES[type].shape)
  return Object.fromEntries(
    Object.entries({ ...body, case: id }).filter(([k, v]) => takes.includes(k) && v !== undefined),
  )
}

const next = (play: Play, step: Change[] | Asking, at: number): Play =>
  Array.isArray(step)
    ? tell(
        play,
        step.map(c => told(c, at)),
      )
    : ask(play, { type: step.type, body: fieldsFor(step), at })

const played = (steps: readonly (Change[] | Asking)[]): Play[] =>
  steps.reduce((plays, step, i) => plays.concat(next(plays.at(-1)!, step, (i + 1) * 1000)), [START])

/** What falls due by `at` is over before anything else happens then, as `decide` has it. */
const dueDone = (play: Play, at: number): Play =>
  tell(play, casesReactor.react(viewOf(play.state), TICK, at).facts ?? [])

/** As `decide` plays it: whatever falls due before a row is over before it. */
const punctual = (steps: readonly (Change[] | Asking)[]): Play =>
  steps.reduce((play, step, i) => {
    const at = (i + 1) * 1000
    return next(dueDone(play, at), step, at)
  }, START)

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen)
  return value
}

const holdingIn = (play: Play, c: Case): boolean =>
  Object.values(play.state.findings).some(f => f.holding > 0 && f.type === c.type && f.scope === c.scope)

describe('laws of cases', () => {
  it('same in, same out, and nothing is mutated', () => {
    fc.assert(
      fc.property(story, steps => {
        let play = frozen(START)
        steps.forEach((step, i) => {
          play = frozen(next(play, step, (i + 1) * 1000))
        })
        assert.deepEqual(play, played(steps).at(-1))
      }),
    )
  })

  it('deciding again about the fact that was decided last adds nothing', () => {
    fc.assert(
      fc.property(story, steps => {
        const play = played(steps).at(-1)!
        for (const fact of play.ledger.slice(-6).filter(f => casesReactor.on.includes(f.type))) {
          assert.deepEqual(casesReactor.react(viewOf(play.state), fact, fact.recordedAt).facts ?? [], [])
        }
      }),
    )
  })

  it('a finding holds if and only if its case says so, and nothing that holds is without a case in hand', () => {
    fc.assert(
      fc.property(story, steps => {
        for (const play of played(steps)) {
          const cases = Object.values(play.state.cases)
          for (const f of Object.values(play.state.findings)) {
            assert.equal(f.opens, undefined)
            assert.ok(cases.some(c => c.type === f.type && c.scope === f.scope))
          }
          for (const c of cases) {
            assert.equal(c.holds, holdingIn(play, c))
            if (isActive(c)) assert.equal(c.clearedAt === null, c.holds)
            if (c.status === 'cleared') assert.equal(c.holds, false)
            if (c.status === 'closed' && c.holds) assert.ok(c.overrides > 0)
          }
        }
      }),
    )
  })

  it('a command moves a case only along the table, and only the case it names', () => {
    const afterWait = (c: Case | undefined) =>
      c?.status === 'waiting' && c.startedAt !== null ? 'working' : 'acknowledged'
    const to: { readonly [type: string]: Case['status'] } = {
      'case.wait': 'waiting',
      'case.release': 'open',
      'case.acknowledge': 'acknowledged',
      'case.start': 'working',
      'case.resolve': 'resolved',
      'case.close': 'closed',
      'case.reopen': 'open',
    }
    fc.assert(
      fc.property(story, steps => {
        let after = START
        steps.forEach((step, i) => {
          const at = (i + 1) * 1000
          const before = dueDone(after, at)
          after = next(before, step, at)
          if (Array.isArray(step)) return
          const was = before.state.cases[step.case]
          for (const id of Object.keys(before.state.cases)) {
            if (id !== step.case) assert.equal(after.state.cases[id], before.state.cases[id])
          }
          if ('refused' in after.last) assert.equal(after.state, before.state)
          else {
            assert.ok(was && ALLOWED[step.type as keyof typeof ALLOWED].includes(was.status))
            const wanted = step.type === 'case.resume' ? afterWait(was) : (to[step.type] ?? was.status)
            assert.equal(after.state.cases[step.case]!.status, wanted)
            assert.deepEqual(after.last.answer, { case: step.case, status: after.state.cases[step.case]!.status })
          }
        })
      }),
    )
  })

  it('folding the ledger again, in one go or through JSON, gives the same state', () => {
    fc.assert(
      fc.property(story, fc.nat(), (steps, cut) => {
        const { ledger, state } = played(steps).at(-1)!
        const at = ledger.length === 0 ? 0 : cut % ledger.length
        const half = ledger.slice(0, at).reduce(casesReactor.evolve, casesReactor.initial)
        const stored = JSON.parse(JSON.stringify(half)) as typeof half
        assert.deepEqual(ledger.slice(at).reduce(casesReactor.evolve, stored), state)
      }),
    )
  })

  it('a wait ends by itself at its own instant and not a millisecond before', () => {
    fc.assert(
      fc.property(story, steps => {
        const { state } = punctual(steps)
        const now = steps.length * 1000
        assert.equal(casesReactor.react(viewOf(state), TICK, now), NOTHING)
        const at = casesReactor.wakeAt!(viewOf(state), now)
        if (at === null) return
        assert.equal(casesReactor.react(viewOf(state), TICK, at - 1), NOTHING)
        const { facts = [] } = casesReactor.react(viewOf(state), TICK, at)
        assert.ok(facts.length > 0 && facts.every(f => f.type === 'case.resumed' && f.occurredAt === at))
      }),
    )
  })

  it('any fact at all can be folded and reacted to', () => {
    const types = [...casesReactor.on, ...casesReactor.adds, 'order.placed']
    const body = fc.dictionary(
      fc.constantFrom('case', 'rule', 'type', 'scope', 'severity', 'at', 'evidence', 'owner', 'status', 'override'),
      fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', 'constructor', 'a', caseId('shared'))),
    )
    const fact = fc.record({ type: fc.constantFrom(...types), body })
    fc.assert(
      fc.property(story, fc.array(fact, { maxLength: 12 }), (steps, facts) => {
        let play = played(steps).at(-1)!
        for (const f of facts) play = tell(play, [{ ...(f as NewFact), occurredAt: 9 }])
        assert.equal(Object.getPrototypeOf(play.state.cases), Object.prototype)
      }),
    )
  })
})

describe('the state stays small', () => {
  const storm = (n: number): Play =>
    Array.from({ length: n }, (_, i) => i).reduce(
      (play, i) =>
        tell(play, [raised('gone', 1000 + i, { scope: `m-${i}`, evidence: { 'message.text': 'x'.repeat(4000) } })]),
      START,
    )

  it('also when one rule finds a thousand things: most share one case', () => {
    const play = storm(1000)
    assert.equal(Object.keys(play.state.cases).length, SCOPES_APART + 1)
    assert.equal(play.state.findings[`gone/${COLLECTIVE}`]!.holding, 1000 - SCOPES_APART)
    assert.ok(JSON.stringify(play.state).length < 32_000)
    let after = play
    for (let i = 0; i < 1000; i++) after = tell(after, [cleared('gone', 9000, { scope: `m-${i}` })])
    assert.deepEqual([...new Set(Object.values(after.state.cases).map(c => c.status))], ['cleared'])
  })

  it('evidence is at most 1 KB and says what was left out', () => {
    const evidence = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`lines[${i}].名称`, `值${i}`]))
    const play = tell(START, [raised('late', 1, { evidence })])
    const kept = play.state.findings.late!.evidence
    assert.ok(Buffer.byteLength(JSON.stringify(kept)) <= 1024)
    assert.equal(kept.omitted, 200 - (Object.keys(kept).length - 1))
    assert.deepEqual(play.ledger[1]!.body.evidence, kept)
  })

  it('a long text is cut between characters', () => {
    const play = tell(START, [raised('late', 1, { evidence: { note: `${'x'.repeat(119)}😀😀` } })])
    assert.ok((play.state.findings.late!.evidence.note as string).isWellFormed())
  })

  it('and no case costs more than a KB beside its evidence', () => {
    const c = theCase(tell(START, [raised('late', 1)]))
    assert.ok(JSON.stringify(c).length < 600)
  })
})

describe('the reactor', () => {
  it('is quick to leave alone what is not its own', () => {
    const fact: Fact = {
      ...{ type: 'order.placed', v: 1, seq: 1, occurredAt: 0, recordedAt: 0, knownAt: 0 },
      actor: 'x',
      cause: null,
      body: {},
    }
    assert.equal(casesReactor.evolve(START.state, fact), START.state)
    assert.equal(casesReactor.on.includes(fact.type), false)
    assert.ok(!casesReactor.on.includes('*'))
    assert.equal(casesReactor.react(viewOf(START.state), TICK, 9), NOTHING)
  })

  it('takes exactly the case commands of the contract', () => {
    assert.deepEqual([...casesReactor.commands!].sort(), Object.keys(COMMAND_BODIES).filter(isCaseCommandType).sort())
    assert.ok('problem' in checkCommand('case.note', {}))
  })
})
