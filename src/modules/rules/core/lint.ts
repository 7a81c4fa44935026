import type { FactSchema, Label } from '../../../contract/facts.ts'
import { checkRule } from '../dialect/check.ts'
import type { Calendars } from '../dialect/scope.ts'
import type { Term } from '../dialect/term.ts'
import type { RuleDef } from '../types.ts'
import { oddCodes } from './codes.ts'
import { type ActingTable, lintEffects } from './lint-effects.ts'
import { type Checked, type LintCode, type LintFinding, messageOf } from './lint-finding.ts'
import { lintPairs } from './lint-pairs.ts'
import { readsOf } from './reads.ts'
import { search } from './search.ts'

export interface LintInput {
  /** Rules that are to stand together. Those that the checker refuses are left out: it says what is wrong with them. */
  readonly rules: readonly RuleDef[]
  readonly schema: FactSchema
  readonly calendars?: Calendars
  /** Only what concerns these rules, such as the one that is being edited; all when left out. */
  readonly only?: ReadonlySet<string>
  /** Facts (`order.paidAt`) that some order had, of so many by chance. */
  readonly seen?: { readonly orders: number; readonly facts: ReadonlySet<string> }
  /** Of how many orders each rule held, in a stretch of recorded history. */
  readonly history?: { readonly orders: number; readonly hits: ReadonlyMap<string, number> }
  /** Exception types that somebody is to act on. */
  readonly owned?: ReadonlySet<string>
  /** Which of the rules open cases: those in shadow stop nothing. All when left out. */
  readonly acts?: (rule: RuleDef) => boolean
  /** Tables in force that let orders go on by themselves. */
  readonly tables?: readonly ActingTable[]
  /** What the questions over tables and rules may cost together, in looks at a node of a condition. */
  readonly cost?: number
}

const COST = 3_000_000
/** Fewer orders than this say nothing about a rule that never held. */
const FEW_ORDERS = 200
/** A rule that holds for so large a share of orders is no exception. */
const ALWAYS = 0.9

/**
 * What is odd about a set of rules, worst first: conditions that can never or must always hold, rules that cover or
 * contradict each other (with an example order), tables that wait for each other or let go
 * what a rule stops, codes that were mistyped, facts that no order had, rules that history never or always fulfils, types
 * that nobody owns.
 */
export function lintRules(input: LintInput): LintFinding[] {
  const { schema, calendars = {}, tables = [], only } = input
  const checked = input.rules.flatMap((rule): Checked[] => {
    const result = checkRule(rule.when, schema, { constants: rule.constants, calendars })
    return result.ok ? [{ rule, term: result.term }] : []
  })
  const isAsked = (id: string): boolean => only === undefined || only.has(id)
  const asked = ({ rule }: Checked): boolean => isAsked(rule.id)
  const single = checked
    .filter(asked)
    .flatMap(c => [
      ...[...lintTruth(c, schema), ...lintCodes(c, schema), ...lintFacts(c, input)],
      ...[...lintHistory(c, input), ...lintOwner(c, input)],
    ])
  const possible = checked.filter(c => !single.some(f => f.code === 'never_true' && f.rules[0] === c.rule.id))
  const pairs = lintPairs(possible, schema, asked)
  const acting = possible.filter(({ rule }) => input.acts?.(rule) ?? true)
  const effects = lintEffects(acting, { schema, calendars, tables, asked: isAsked, cost: input.cost ?? COST })
  const order = { error: 0, warning: 1, note: 2 }
  return [...single, ...pairs, ...effects].sort((a, b) => order[a.level] - order[b.level])
}

const told = (code: LintCode, rule: RuleDef, words: readonly Label[] = []): LintFinding => ({
  ...messageOf(code, [rule.name, ...words]),
  rules: [rule.id],
  example: null,
})

function lintTruth({ rule, term }: Checked, schema: FactSchema): LintFinding[] {
  const holds = search([{ term, wanted: true }], schema)
  if (!holds.example) return holds.certain ? [told('never_true', rule)] : []
  const fails = search([{ term, wanted: false }], schema)
  return !fails.example && fails.certain ? [told('always_true', rule)] : []
}

const lintCodes = ({ rule, term }: Checked, schema: FactSchema): LintFinding[] =>
  oddCodes(term, schema).map(({ code, field, instead }) =>
    told('unknown_code', rule, [field, { zh: code, en: code }, instead]),
  )

function lintFacts({ rule, term }: Checked, { schema, seen }: LintInput): LintFinding[] {
  return namesIn(term).flatMap(({ root, field }) => {
    const declared = schema[root]?.of[field]
    if (!declared) return []
    // What every order has needs no looking for, and few orders say nothing.
    if (!declared.optional || !seen || seen.orders < FEW_ORDERS || seen.facts.has(`${root}.${field}`)) return []
    // A rule that only asks for its absence works as it is meant.
    if (!needs(term, root, field)) return []
    return [told('unseen_fact', rule, [declared.label, { zh: String(seen.orders), en: String(seen.orders) }])]
  })
}

function namesIn(term: Term): { root: string; field: string }[] {
  const { facts, lists } = readsOf(term)
  return [...facts.values(), ...[...lists].flatMap(([root, fields]) => [...fields].map(field => ({ root, field })))]
}

/** Whether it cannot hold without the fact. */
function needs(term: Term, root: string, field: string): boolean {
  if (term.kind === 'junction')
    return term.op === '&&'
      ? term.operands.some(o => needs(o, root, field))
      : term.operands.every(o => needs(o, root, field))
  return term.kind === 'has' && term.target.kind === 'fact' && term.target.root === root && term.target.field === field
}

function lintHistory({ rule }: Checked, { history }: LintInput): LintFinding[] {
  if (!history || history.orders < FEW_ORDERS) return []
  const hits = history.hits.get(rule.id) ?? 0
  const orders: Label = { zh: String(history.orders), en: String(history.orders) }
  if (hits === 0) return [told('never_fired', rule, [orders])]
  return hits / history.orders >= ALWAYS
    ? [told('always_fires', rule, [{ zh: String(hits), en: String(hits) }, orders])]
    : []
}

function lintOwner({ rule }: Checked, { owned }: LintInput): LintFinding[] {
  if (owned === undefined || owned.has(rule.type)) return []
  return [told('no_owner', rule, [{ zh: rule.type, en: rule.type }])]
}
