import type { FactSchema, FactValues } from '../../../contract/facts.ts'
import { type BusinessTime, businessTimeOf, type CalendarDef } from '../../../kernel/business-time.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { checkRule } from '../dialect/check.ts'
import type { Refusal } from '../dialect/refusal.ts'
import type { Calendars } from '../dialect/scope.ts'
import type { Term } from '../dialect/term.ts'
import type { Evidence, RuleDef } from '../types.ts'
import type { Evaluate, EvaluatorOf } from './evaluator.ts'
import { evidenceOf } from './evidence.ts'
import { termReads } from './reads.ts'
import { flipOf, HOPS } from './temporal.ts'

/** The live rules of one version, compiled. Immutable; index i is the i-th of `rules` everywhere. */
export interface RuleBook {
  readonly rules: readonly RuleDef[]
  /** Rules with generated code; the others run on the closures. */
  readonly fast: number
  /**
   * Evaluates all rules at `now` (epoch ms). `out[i]` is u when rule i holds and -u when it does not, certain until u
   * (Infinity for ever). Returns the smallest |out[i]|, Infinity for no rules. `out` has at least `rules.length` places.
   */
  evaluate(facts: FactValues, now: Instant, out: Float64Array): number
  /**
   * What holds now (1 or 0 by index) and the exact first instant at which any rule changes by time alone; Infinity for
   * never. After 256 horizons without a change it is an earlier instant, at which nothing changes.
   */
  next(facts: FactValues, now: Instant): { readonly holds: Uint8Array; readonly until: number }
  /** The exact instant at which rule i alone changes by time; null for never. */
  flipAt(index: number, facts: FactValues, now: Instant): Instant | null
  evidence(index: number, facts: FactValues, now: Instant): Evidence
  /** Types of events whose absence rule i concludes from as time passes, `parcel.*` for several; none if it reads no clock. */
  readonly awaits: readonly (readonly string[])[]
  /** What the rules look at, all together: facts such as `order.paidAt`, fields of lists as `parcels.status`. */
  readonly reads: readonly string[]
}

export interface RefusedRule {
  readonly rule: string
  readonly refusals: readonly Refusal[]
}

/** Rules that did not pass the checker; nothing was compiled. `code` is stable. */
export class RulesRefused extends Error {
  readonly code = 'rules_refused'
  readonly refused: readonly RefusedRule[]

  constructor(refused: readonly RefusedRule[]) {
    const lines = refused.flatMap(r => r.refusals.map(x => `${r.rule} at ${x.start}..${x.end}: ${x.message.en}`))
    super(`Rules were refused:\n${lines.join('\n')}`)
    this.refused = refused
  }
}

export interface BookOptions {
  readonly evaluatorOf: EvaluatorOf
  /** Business calendars that rules may name. */
  readonly calendars?: readonly CalendarDef[]
}

/** Checks all rules and compiles the live ones. Throws RulesRefused with every refusal when one does not pass. */
export function bookOf(rules: readonly RuleDef[], schema: FactSchema, options: BookOptions): RuleBook {
  const calendars = calendarsOf(options.calendars ?? [])
  const checked = rules.map(rule => ({
    rule,
    result: checkRule(rule.when, schema, { constants: rule.constants, calendars }),
  }))
  const refused = checked.filter(c => !c.result.ok).map(c => ({ rule: c.rule.id, refusals: c.result.refusals }))
  if (refused.length > 0) throw new RulesRefused(refused)
  const live = checked.filter(c => c.rule.stage === 'live')
  const terms = live.flatMap(c => (c.result.ok ? [c.result.term] : []))
  return compiled(
    live.map(c => c.rule),
    terms,
    { schema, evaluatorOf: options.evaluatorOf },
  )
}

/** Calendars by id, ready to be counted with. What was counted once for a calendar is kept as long as its data. */
export const calendarsOf = (defs: readonly CalendarDef[]): Calendars =>
  Object.fromEntries(
    defs.map(def => {
      const known = counted.get(def) ?? businessTimeOf(def)
      counted.set(def, known)
      return [def.id, known]
    }),
  )
const counted = new WeakMap<CalendarDef, BusinessTime>()

function compiled(
  rules: readonly RuleDef[],
  terms: readonly Term[],
  { schema, evaluatorOf }: { readonly schema: FactSchema; readonly evaluatorOf: EvaluatorOf },
): RuleBook {
  const { evaluate, fast, conditions } = evaluatorOf(terms)
  const evidences = terms.map(term => evidenceOf(term, schema))
  return {
    rules,
    fast,
    evaluate,
    next: (facts, now) => nextFlip(evaluate, rules.length, { facts, now }),
    flipAt: (index, facts, now) => finite(flipOf(conditions[index]!, facts, now)),
    evidence: (index, facts, now) => evidences[index]!(facts, now),
    awaits: terms.map(term => awaitedBy(term, schema)),
    reads: [...new Set(terms.flatMap(term => termReads(term).facts))],
  }
}

function awaitedBy(term: Term, schema: FactSchema): string[] {
  const { facts, now } = termReads(term)
  if (!now) return []
  const types = facts.flatMap(path => {
    const [root = '', field = ''] = path.split('.')
    const fields = schema[root]?.of ?? {}
    return Object.hasOwn(fields, field) ? fields[field]!.from : []
  })
  return [...new Set(types)]
}

const finite = (at: number): Instant | null => (at === Number.POSITIVE_INFINITY ? null : at)

function nextFlip(
  evaluate: Evaluate,
  size: number,
  at: { facts: FactValues; now: Instant },
): ReturnType<RuleBook['next']> {
  const horizons = new Float64Array(size)
  const holds = new Uint8Array(size)
  let until = evaluate(at.facts, at.now, horizons)
  for (let i = 0; i < size; i++) holds[i] = horizons[i]! > 0 ? 1 : 0
  for (let hop = 0; hop < HOPS && until < Number.POSITIVE_INFINITY; hop++) {
    const earliest = evaluate(at.facts, until, horizons)
    if (isOther(holds, horizons)) break
    until = earliest
  }
  return { holds, until }
}

/** A plain loop, as this runs for every wake that is computed: `some` with a callback was several times slower. */
function isOther(holds: Uint8Array, horizons: Float64Array): boolean {
  for (let i = 0; i < holds.length; i++) {
    if (horizons[i]! > 0 !== (holds[i] === 1)) return true
  }
  return false
}
