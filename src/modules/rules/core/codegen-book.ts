import type { FactValues } from '../../../contract/facts.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Term } from '../dialect/term.ts'
import { factName, listName, RUNTIME, signedSource } from './codegen.ts'
import { type Reads, readsOf } from './reads.ts'

/** Writes each rule's signed horizon to `out`; returns the earliest of their absolute values. */
export type Evaluate = (facts: FactValues, now: Instant, out: Float64Array) => number
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
  const rules = terms.map((term, index) => ({ index, js: signedSource(term), reads: readsOf(term) }))
  const chunks: string[] = []
  for (let from = 0; from < rules.length; from += RULES_PER_FUNCTION) {
    chunks.push(chunkSource(rules.slice(from, from + RULES_PER_FUNCTION), chunks.length))
  }
  const calls = chunks.map((_, i) => `chunk${i}(f,now,out)`)
  const source = `'use strict';let z=0;\n${chunks.join('\n')}\nreturn (f,now,out)=>Math.min(Infinity,${calls.join(',')})`
  return { evaluate: built(source, slow), source, fast: rules.filter(r => r.js !== null).length }
}

interface RuleSource {
  readonly index: number
  readonly js: string | null
  readonly reads: Reads
}

function chunkSource(rules: readonly RuleSource[], number: number): string {
  const steps = rules.map(({ index, js }) => {
    const value = js === null ? `r=slow(${index},f,now);` : `r=${js};if(!(r<0||r>0))r=slow(${index},f,now);`
    return `${value}out[${index}]=r;if(r<0)r=-r;if(r<u)u=r;`
  })
  return `function chunk${number}(f,now,out){\n${declarations(rules)}let u=Infinity,r=0;\n${steps.join('\n')}\nreturn u}`
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

function built(source: string, slow: Slow): Evaluate {
  const make = new Function('rt', 'slow', source)
  return asEvaluate(make(RUNTIME, slow))
}
/** Safe: the source above is ours and returns exactly this function. */
const asEvaluate = (f: unknown): Evaluate => f as Evaluate
