import type { RuleText } from '../../../../../src/contract/api/rules.ts'
import { type CheckedRule, closureEvaluator, search, termReads } from '../../../../../src/modules/rules/browser.ts'
import type { Ground } from './ground.ts'

export type Example = RuleText['examples'][number]
type Accepted = Extract<CheckedRule, { readonly ok: true }>

/** What the condition says of each example. A rule with `for` is asked for its condition alone, as the server does. */
export function outcomesOf({ term }: Accepted, examples: readonly Example[]): boolean[] {
  const { evaluate } = closureEvaluator([term])
  const out = new Float64Array(1)
  return examples.map(({ facts, now }) => {
    evaluate(facts, now, out)
    return (out[0] ?? 0) > 0
  })
}

/** One example on which it holds and one on which it does not; null for what the search does not find. */
export function suggested({ term }: Accepted, { schema }: Ground): (Example | null)[] {
  return [true, false].map(wanted => {
    const { example } = search([{ term, wanted }], schema)
    return example && { ...example, facts: { ...example.facts }, holds: wanted }
  })
}

/** Facts that the condition reads, such as `order.paidAt`; fields of lists as `lines.qty`. */
export const readsIn = ({ term }: Accepted): { readonly facts: readonly string[]; readonly now: boolean } =>
  termReads(term)
