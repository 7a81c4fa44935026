import type { Verb } from '../lib/verbs.ts'

/** Verbs that the typed words fit, those that begin with them first; all of them while nothing is typed. */
export function matching(verbs: readonly Verb[], text: string): Verb[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const seen = new Set<string>()
  const offered = verbs.filter(verb => {
    if (verb.keyOnly || seen.has(verb.id)) return false
    seen.add(verb.id)
    const label = `${verb.group} ${verb.label}`.toLowerCase()
    return words.every(word => label.includes(word))
  })
  const first = words[0]
  if (first === undefined) return offered
  const begins = (verb: Verb): number => (verb.label.toLowerCase().startsWith(first) ? 0 : 1)
  return offered.sort((a, b) => begins(a) - begins(b))
}
