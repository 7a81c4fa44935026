import type { FactSchema, FactValues } from '../../../contract/facts.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { type Term, type TermOf, termsIn } from '../dialect/term.ts'
import { type Domain, domainsOf, TRIED_NOW } from './domains.ts'
import { readsOf } from './reads.ts'
import { type Condition, conditionOf } from './temporal.ts'

/** A condition and what it should be. */
export interface Goal {
  readonly term: Term
  readonly wanted: boolean
}

/** Facts, as few as matter, at an instant. */
export interface Example {
  readonly facts: FactValues
  readonly now: Instant
}

export interface Found {
  readonly example: Example | null
  /** Without an example: whether there can be none, as everything that matters was tried. */
  readonly certain: boolean
}

const MOST_STEPS = 30_000
/** What it costs to make one node of a condition ready, in looks at a node. */
const MADE = 20

/** What several searches may cost together, in looks at a node of a condition. Each takes its part away. */
export interface Budget {
  left: number
}

/**
 * Looks for facts on which every goal is as wanted, over the values at which some comparison changes. Depth first; what is
 * decided by the facts chosen so far cuts the rest off, so that most searches end after a few hundred steps.
 */
export function search(
  goals: readonly Goal[],
  schema: FactSchema,
  { most = MOST_STEPS, budget = { left: Number.POSITIVE_INFINITY } }: Partial<Limits> = {},
): Found {
  for (const { term } of goals) budget.left -= MADE * sizeOf(term)
  if (budget.left <= 0) return { example: null, certain: false }
  const domains = new Map(
    domainsOf(
      goals.map(g => g.term),
      schema,
    ).map(d => [d.name, d]),
  )
  const run = new Run(goals, domains, { most, budget })
  const found = run.solve()
  if (found) return { example: { facts: filled(run.facts, schema), now: TRIED_NOW }, certain: true }
  const tried = run.steps <= most && budget.left > 0 && [...domains.values()].every(d => d.complete)
  return { example: null, certain: tried && goals.every(g => isCovered(g.term)) }
}

const sizeOf = (t: Term): number => termsIn(t).reduce((sum, child) => sum + sizeOf(child), 1)

/**
 * Whether trying the marked values is as good as trying all: each comparison is of one fact with constants or now, or of
 * two facts as they are. Sums of facts, calendars, clocks and patterns change at values that nobody listed.
 */
function isCovered(t: Term): boolean {
  if (t.kind === 'compare') {
    const { facts, lists } = readsOf(t)
    const direct = [t.left, t.right].every(side => side.kind === 'fact' || side.kind === 'now')
    return lists.size === 0 && (facts.size <= 1 || direct) && ![t.left, t.right].some(isElsewhere)
  }
  return !isElsewhere(t) && termsIn(t).every(isCovered)
}

const ELSEWHERE: ReadonlySet<Term['kind']> = new Set(['business', 'due', 'step', 'tested', 'looked', 'macro', 'apply'])
const isElsewhere = (t: Term): boolean => ELSEWHERE.has(t.kind) || termsIn(t).some(isElsewhere)

/** Fields that nobody asked about get their example, so that the facts are ones that a rule may see. */
function filled(chosen: Values, schema: FactSchema): FactValues {
  const roots = Object.entries(schema).map(([root, declared]): [string, unknown] => {
    if (declared.type === 'list') return [root, chosen[root] ?? []]
    const needed = Object.entries(declared.of).filter(([, field]) => !field.optional)
    const examples = Object.fromEntries(needed.map(([name, field]) => [name, field.example]))
    return [root, { ...examples, ...(chosen[root] ?? {}) }]
  })
  return Object.fromEntries(roots)
}

interface Values {
  [root: string]: object
}

type Truth = boolean | null

interface Limits {
  readonly most: number
  readonly budget: Budget
}

/** One search. The facts chosen so far are changed in place and taken back. */
class Run {
  readonly facts: Values = {}
  steps = 0
  private readonly chosen = new Set<string>()
  private readonly goals: readonly { readonly node: Node; readonly wanted: boolean }[]
  private readonly domains: ReadonlyMap<string, Domain>
  private readonly most: number
  private readonly budget: Budget

  constructor(goals: readonly Goal[], domains: ReadonlyMap<string, Domain>, { most, budget }: Limits) {
    this.goals = goals.map(({ term, wanted }) => ({ node: nodeOf(term), wanted }))
    this.domains = domains
    this.most = most
    this.budget = budget
  }

  solve(): boolean {
    let next: string | null = null
    for (const { node, wanted } of this.goals) {
      const truth = this.truthOf(node)
      if (truth !== null && truth !== wanted) return false
      if (truth === null) next ??= this.openIn(node)
    }
    if (next === null) return true
    const domain = this.domains.get(next)
    if (!domain) return false
    this.chosen.add(next)
    for (const value of domain.values) {
      if (++this.steps > this.most || this.budget.left <= 0) break
      this.put(domain, value)
      if (this.solve()) return true
    }
    this.put(domain, undefined)
    this.chosen.delete(next)
    return false
  }

  private put({ root, field }: Domain, value: unknown): void {
    if (field === null) this.facts[root] = value ?? []
    else this.facts[root] = { ...this.facts[root], [field]: value }
  }

  /** What the facts chosen so far say; null when that depends on the others. */
  private truthOf(node: Node): Truth {
    this.budget.left--
    if (node.kind === 'atom') return node.reads.every(name => this.chosen.has(name)) ? this.value(node.holds) : null
    if (node.kind === 'not') return negated(this.truthOf(node.of))
    let open = false
    for (const child of node.of) {
      const truth = this.truthOf(child)
      if (truth === node.dominant) return node.dominant
      open ||= truth === null
    }
    return open ? null : !node.dominant
  }

  private value(holds: Condition): boolean {
    return holds(this.facts, TRIED_NOW).value === true
  }

  /** The first fact that an undecided part of the node waits for. */
  private openIn(node: Node): string | null {
    if (this.truthOf(node) !== null) return null
    if (node.kind === 'atom') return node.reads.find(name => !this.chosen.has(name)) ?? null
    if (node.kind === 'not') return this.openIn(node.of)
    for (const child of node.of) {
      const open = this.openIn(child)
      if (open !== null) return open
    }
    return null
  }
}

const negated = (truth: Truth): Truth => (truth === null ? null : !truth)

type Node =
  | { readonly kind: 'atom'; readonly holds: Condition; readonly reads: readonly string[] }
  | { readonly kind: 'not'; readonly of: Node }
  | { readonly kind: 'junction'; readonly dominant: boolean; readonly of: readonly Node[] }

/** and, or and not are decided part by part; everything else as a whole, once all that it reads is chosen. */
function nodeOf(t: Term): Node {
  if (t.kind === 'junction') return { kind: 'junction', dominant: t.op === '||', of: t.operands.map(nodeOf) }
  if (t.kind === 'not') return { kind: 'not', of: nodeOf(t.operand) }
  if (t.kind === 'choice') return nodeOfChoice(t)
  const reads = readsOf(t)
  return { kind: 'atom', holds: conditionOf(t), reads: [...reads.facts.keys(), ...reads.lists.keys()] }
}

/** c ? a : b is (c && a) || (!c && b). */
function nodeOfChoice({ test, yes, no }: TermOf<'choice'>): Node {
  const [c, a, b] = [nodeOf(test), nodeOf(yes), nodeOf(no)]
  const then: Node = { kind: 'junction', dominant: false, of: [c, a] }
  const other: Node = { kind: 'junction', dominant: false, of: [{ kind: 'not', of: c }, b] }
  return { kind: 'junction', dominant: true, of: [then, other] }
}
