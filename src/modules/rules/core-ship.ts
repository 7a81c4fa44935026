import { type Change, isFrozen, type Move, type Standings } from './core-life.ts'
import type { RuleBody, RuleDef } from './types.ts'

/** A version as the installation keeps it. `pack` is the pack that shipped it, null when people wrote it. */
export interface KeptVersion {
  readonly rule: string
  readonly version: number
  readonly hash: string
  readonly pack: string | null
  /** Its number in that pack. */
  readonly packVersion: number | null
}

/** A shipped rule with the digest of its body. */
export interface Shipped {
  readonly def: RuleDef
  readonly hash: string
}

export interface NewVersion extends Shipped {
  readonly version: number
}

export interface ShipPlan {
  readonly add: readonly NewVersion[]
  readonly moves: readonly Move[]
}

/** Of packs whose rules have no pack named in them (a rule set given by hand). */
export const UNNAMED_PACK = 'shipped'

export const bodyOf = ({ id: _id, version: _version, stage: _stage, ...body }: RuleDef): RuleBody => body

/**
 * What a release's rules mean for an installation. A rule that nobody here changed follows the release. One that people
 * changed, or retired, stays as they left it: the release's text is added as a draft beside it. A rule that is shipped
 * no more is retired when nobody here changed it.
 */
export function shipPlan(
  shipped: readonly Shipped[],
  kept: readonly KeptVersion[],
  at: { readonly standings: Standings; readonly changes: readonly Change[] },
): ShipPlan {
  const add: NewVersion[] = []
  const moves: Move[] = []
  const byRule = Map.groupBy(kept, v => v.rule)
  for (const rule of shipped) {
    const own = byRule.get(rule.def.id) ?? []
    if (!isNews(rule, own)) continue
    const version = Math.max(rule.def.version, 1 + Math.max(0, ...own.map(v => v.version)))
    add.push({ ...rule, version })
    const { stage } = rule.def
    if ((own.length === 0 || isUntouched(own, at)) && (stage === 'live' || stage === 'shadow'))
      moves.push({ rule: rule.def.id, version, to: stage })
  }
  const names = new Set(shipped.map(({ def }) => def.id))
  for (const [rule, { live, shadow }] of at.standings) {
    if (names.has(rule) || !isUntouched(byRule.get(rule) ?? [], at)) continue
    for (const version of [live, shadow]) if (version !== null) moves.push({ rule, version, to: 'retired' })
  }
  return { add, moves }
}

/** An older release, or the same one again, brings nothing. */
function isNews({ def, hash }: Shipped, own: readonly KeptVersion[]): boolean {
  const last = own.findLast(v => v.pack !== null)
  return last === undefined || (last.hash !== hash && def.version >= (last.packVersion ?? 0))
}

/** What runs here is what a pack brought last, and people never let a text of their own run. */
function isUntouched(own: readonly KeptVersion[], at: { standings: Standings; changes: readonly Change[] }): boolean {
  const shipped = own.findLast(v => v.pack !== null)
  if (shipped === undefined || own.some(v => v.pack === null && isFrozen(v, at.changes))) return false
  const standing = at.standings.get(shipped.rule)
  return standing !== undefined && (standing.live === shipped.version || standing.shadow === shipped.version)
}
