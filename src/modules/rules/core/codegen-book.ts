import type { FactValues } from '../../../contract/facts.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Term } from '../dialect/term.ts'
import { type SignedSource, signedSource } from './codegen.ts'
import { factName, listName, poolOf } from './codegen-plain.ts'
import { RUNTIME } from './codegen-runtime.ts'
import { type Reads, readsOf } from './reads.ts'

type Evaluate = (facts: FactValues, now: Instant, out: Float64Array) => number
/** One rule by the closures, as a signed horizon: for what the fast path does not reach. */
export type Slow = (index: number, facts: FactValues, now: Instant) => number

export interface Generated {
  readonly evaluate: Evaluate
  readonly source: string
  /** Rules that have generated code. */
  readonly fast: number
}

/** V8 optimises small functions best (25 was the best of those measured in the design's rules page). */
const RULES_PER_FUNCTION = 25

/**
 * One function for a whole rule book. It reads each fact once, and asks `slow` for rules without a fast path and for
 * results that are no horizon (NaN: a fact broke its schema).
 */
export function generateBook(terms: readonly Term[], slow: Slow): Generated {
  const pool = poolOf()
  const rules = terms.map((term, index) => ({ index, js: signedSource(term, pool), reads: readsOf(term) }))
  const chunks: string[] = []
  for (let from = 0; from < rules.length; from += RULES_PER_FUNCTION) {
    chunks.push(chunkSource(rules.slice(from, from + RULES_PER_FUNCTION), chunks.length))
  }
  const calls = chunks.map((_, i) => `chunk${i}(f,now,out)`)
  const objects = pool.objects.map((_, i) => `p${i}=pool[${i}],`).join('')
  const head = `'use strict';let ${objects}z=0;`
  const source = `${head}\n${chunks.join('\n')}\nreturn (f,now,out)=>Math.min(Infinity,${calls.join(',')})`
  return { evaluate: built(source, slow, pool.objects), source, fast: rules.filter(r => r.js !== null).length }
}

interface RuleSource {
  readonly index: number
  readonly js: SignedSource | null
  readonly reads: Reads
}

function chunkSource(rules: readonly RuleSource[], number: number): string {
  const steps = rules.map(({ index, js }) => (js === null ? slowStep(index) : fastStep(index, js)))
  return `function chunk${number}(f,now,out){\n${declarations(rules)}let u=Infinity,r=0;\n${steps.join('\n')}\nreturn u}`
}

const lowest = (index: number): string => `out[${index}]=r;if(r<0)r=-r;if(r<u)u=r;`
const slowStep = (index: number): string => `r=slow(${index},f,now);${lowest(index)}`

/** Nothing is asked about time while the guard is false, which for most orders and rules it is. */
function fastStep(index: number, { guard, horizon }: SignedSource): string {
  if (horizon === null) return `out[${index}]=${guard}?Infinity:-Infinity;`
  const moving = `r=${horizon};if(!(r<0||r>0))r=slow(${index},f,now);${lowest(index)}`
  return guard === null ? moving : `if(${guard}){${moving}}else out[${index}]=-Infinity;`
}

/** Roots are read with a fallback: a projection that leaves one out is its own mistake, and not a crash here. */
function declarations(rules: readonly RuleSource[]): string {
  const lines = new Map<string, string>()
  for (const { js, reads } of rules) {
    if (js === null) continue
    for (const root of reads.lists.keys()) lines.set(`[]${root}`, `const ${listName(root)}=f.${root}??[];`)
    for (const { root, field } of reads.facts.values()) {
      lines.set(root, `const $${root}=f.${root}??{};`)
      lines.set(`${root}.${field}`, `const ${factName(root, field)}=$${root}.${field};`)
    }
  }
  return [...lines.values()].join('')
}

function built(source: string, slow: Slow, pool: readonly object[]): Evaluate {
  const make = new Function('rt', 'slow', 'pool', source)
  return asEvaluate(make(RUNTIME, slow, pool))
}
/** Safe: the source above is ours and returns exactly this function. */
const asEvaluate = (f: unknown): Evaluate => f as Evaluate
