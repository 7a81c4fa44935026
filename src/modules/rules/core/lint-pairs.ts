import type { FactSchema } from '../../../contract/facts.ts'
import { type Checked, type LintCode, type LintFinding, messageOf } from './lint-finding.ts'
import { readsOf } from './reads.ts'
import { type Found, search } from './search.ts'

/**
 * Two conditions against each other: do they always hold together, does one cover the other, may two rules of one type hold
 * at once. Only rules that read a fact in common are compared; others can always hold independently.
 */
export function lintPairs(
  checked: readonly Checked[],
  schema: FactSchema,
  asked: (c: Checked) => boolean,
): LintFinding[] {
  const reads = checked.map(c => new Set(readsOf(c.term).facts.keys()))
  const findings: LintFinding[] = []
  for (let i = 0; i < checked.length; i++)
    for (let j = i + 1; j < checked.length; j++) {
      const [a, b] = [checked[i]!, checked[j]!]
      // A version in shadow stands beside the live one, to take its place.
      if (a.rule.id === b.rule.id || (!asked(a) && !asked(b))) continue
      const related = a.rule.type === b.rule.type || !reads[i]!.isDisjointFrom(reads[j]!)
      const found = related ? lintPair(a, b, schema) : null
      if (found) findings.push(found)
    }
  return findings
}

function lintPair(a: Checked, b: Checked, schema: FactSchema): LintFinding | null {
  const both = tried(a, b, { schema, wanted: [true, true] })
  if (!both.example) return null
  const onlyA = tried(a, b, { schema, wanted: [true, false] })
  const onlyB = tried(a, b, { schema, wanted: [false, true] })
  const [isCovered, covers] = [isNever(onlyA), isNever(onlyB)]
  const sameType = a.rule.type === b.rule.type
  if (isCovered && covers) return told('same_condition', [a, b], both)
  if (isCovered) return told(sameType ? 'covered' : 'implies', [a, b], onlyB)
  if (covers) return told(sameType ? 'covered' : 'implies', [b, a], onlyA)
  if (!sameType) return null
  return told(a.rule.severity === b.rule.severity ? 'overlap' : 'severity_conflict', [a, b], both)
}

const isNever = (found: Found): boolean => found.example === null && found.certain

function tried(
  a: Checked,
  b: Checked,
  { schema, wanted }: { readonly schema: FactSchema; readonly wanted: readonly [boolean, boolean] },
): Found {
  return search(
    [
      { term: a.term, wanted: wanted[0] },
      { term: b.term, wanted: wanted[1] },
    ],
    schema,
    { most: 5000 },
  )
}

const told = (code: LintCode, [a, b]: readonly [Checked, Checked], { example }: Found): LintFinding => ({
  ...messageOf(code, [a.rule.name, b.rule.name]),
  rules: [a.rule.id, b.rule.id],
  example,
})
