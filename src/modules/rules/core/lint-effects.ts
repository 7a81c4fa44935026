import type { FactSchema } from '../../../contract/facts.ts'
import type { Term } from '../dialect/term.ts'
import { type Checked, type LintFinding, messageOf } from './lint-finding.ts'
import { search } from './search.ts'

/** What acting on a rule does by itself: places a hold that keeps facts of some types from coming, or lifts one. */
export type RuleEffect =
  | { readonly kind: 'hold'; readonly hold: string; readonly blocks: readonly string[] }
  | { readonly kind: 'release'; readonly hold: string }

interface Effects {
  readonly schema: FactSchema
  readonly effects: ReadonlyMap<string, readonly RuleEffect[]>
  readonly asked: (c: Checked) => boolean
}

interface Acting {
  readonly by: Checked
  readonly effect: RuleEffect
}

/** Holds that are placed and lifted by turns, and holds that wait for each other. */
export function lintEffects(checked: readonly Checked[], given: Effects): LintFinding[] {
  const acting = checked.flatMap(by => (given.effects.get(by.rule.id) ?? []).map(effect => ({ by, effect })))
  return [...pingPong(acting, given), ...circles(acting, given)]
}

function pingPong(acting: readonly Acting[], { schema, asked }: Effects): LintFinding[] {
  const holds = acting.filter(a => a.effect.kind === 'hold')
  const releases = acting.filter(a => a.effect.kind === 'release')
  return holds.flatMap(place =>
    releases.flatMap(lift => {
      if (place.effect.hold !== lift.effect.hold || !(asked(place.by) || asked(lift.by))) return []
      const goals = [place, lift].map(({ by }) => ({ term: by.term, wanted: true }))
      const { example } = search(goals, schema)
      if (!example) return []
      const name = { zh: place.effect.hold, en: place.effect.hold }
      const message = messageOf('ping_pong', [place.by.rule.name, lift.by.rule.name, name])
      return [{ ...message, rules: [place.by.rule.id, lift.by.rule.id], example }]
    }),
  )
}

/** A hold waits for another when every rule that lifts it needs a fact that only types blocked by the other can bring. */
function circles(acting: readonly Acting[], { schema, asked }: Effects): LintFinding[] {
  const blocks = new Map<string, Set<string>>()
  for (const { effect } of acting)
    if (effect.kind === 'hold')
      blocks.set(effect.hold, (blocks.get(effect.hold) ?? new Set()).union(new Set(effect.blocks)))
  const waits = new Map<string, string[]>()
  for (const hold of blocks.keys()) {
    const lifts = acting.filter(a => a.effect.kind === 'release' && a.effect.hold === hold)
    if (lifts.length === 0) continue
    const by = [...blocks].filter(([, types]) => lifts.every(l => needsOneOf(l.by.term, types, schema)))
    waits.set(
      hold,
      by.map(([name]) => name),
    )
  }
  return cyclesIn(waits).flatMap(cycle => {
    const rules = acting.filter(a => cycle.includes(a.effect.hold)).map(a => a.by)
    if (!rules.some(asked)) return []
    const text = [...cycle, cycle[0]].join(' → ')
    const message = messageOf('circular_hold', [{ zh: text, en: text }])
    return [{ ...message, rules: [...new Set(rules.map(c => c.rule.id))], example: null }]
  })
}

/** Whether the condition cannot hold without a fact that is written by nothing but these types. */
function needsOneOf(term: Term, types: ReadonlySet<string>, schema: FactSchema): boolean {
  if (term.kind === 'junction' && term.op === '&&') return term.operands.some(o => needsOneOf(o, types, schema))
  if (term.kind === 'junction') return term.operands.every(o => needsOneOf(o, types, schema))
  if (term.kind !== 'has' || term.target.kind !== 'fact') return false
  const from = schema[term.target.root]?.of[term.target.field]?.from ?? []
  return from.length > 0 && from.every(type => types.has(type))
}

/** Each circle once, by its smallest name. */
function cyclesIn(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = []
  for (const start of edges.keys()) {
    const walk = (path: readonly string[]): void => {
      for (const next of edges.get(path.at(-1)!) ?? []) {
        if (next === start) cycles.push([...path])
        else if (next > start && !path.includes(next)) walk([...path, next])
      }
    }
    walk([start])
  }
  return cycles
}
