import type { Instant } from '../../kernel/instant.ts'
import { canonicalJson, type Json } from '../../kernel/json.ts'
import type { RuleBody, RuleStage } from './types.ts'

/**
 * Terms. Version: one text of a rule, immutable once it was part of a change. Change: one fact that moves versions of
 * rules, in force from its own instant. Standing: which version of a rule is live and which runs in shadow beside it.
 */

/** Where a version may be moved to. `draft` and `retired` both end that it runs; a draft may still be meant to. */
export const MOVES = ['draft', 'shadow', 'live', 'retired'] as const
export type MoveTo = (typeof MOVES)[number]

export interface Move {
  readonly rule: string
  readonly version: number
  readonly to: MoveTo
}

export interface Change {
  /** Counts the changes, from 1 without gaps. */
  readonly n: number
  readonly activeFrom: Instant
  readonly by: string
  readonly reason: string
  /** When it was made. */
  readonly at: Instant
  readonly moves: readonly Move[]
  /** The change that this one takes back. */
  readonly undoes?: number
}

export interface Standing {
  readonly live: number | null
  readonly shadow: number | null
}

export type Standings = ReadonlyMap<string, Standing>

/** What stands from an instant on; `n` is the newest change that counts. */
export interface Turn {
  readonly activeFrom: Instant
  readonly n: number
  readonly standings: Standings
}

const NONE: Standing = { live: null, shadow: null }

export function moved(before: Standing, { version, to }: Move): Standing {
  const { live, shadow } = before
  if (to === 'live') return { live: version, shadow: shadow === version ? null : shadow }
  // One that is live does not run beside itself.
  if (to === 'shadow') return { live: live === version ? null : live, shadow: version }
  return { live: live === version ? null : live, shadow: shadow === version ? null : shadow }
}

/** Changes in the order in which they take effect: one that was made later and counts earlier does not undo the other. */
const byEffect = (a: Change, b: Change): number => a.activeFrom - b.activeFrom || a.n - b.n

/** What stands when: one turn for each instant at which changes take effect, in order. */
export function turnsOf(changes: readonly Change[]): Turn[] {
  const turns: Turn[] = []
  const standings = new Map<string, Standing>()
  let newest = 0
  for (const change of changes.toSorted(byEffect)) {
    for (const move of change.moves) {
      const after = moved(standings.get(move.rule) ?? NONE, move)
      if (after.live === null && after.shadow === null) standings.delete(move.rule)
      else standings.set(move.rule, after)
    }
    newest = Math.max(newest, change.n)
    const turn = { activeFrom: change.activeFrom, n: newest, standings: new Map(standings) }
    if (turns.at(-1)?.activeFrom === change.activeFrom) turns.pop()
    turns.push(turn)
  }
  return turns
}

/** The turn that counts at `now`: before the first one, that one, since what is never decided cannot be replayed. */
export const turnAt = (turns: readonly Turn[], now: Instant): Turn | null =>
  turns.findLast(t => t.activeFrom <= now) ?? turns[0] ?? null

/** A version's stage as people see it: one whose change is yet to come is still what it was. */
export function stageOf(ref: { rule: string; version: number }, changes: readonly Change[], now: Instant): RuleStage {
  const { live, shadow } = turnAt(turnsOf(changes), now)?.standings.get(ref.rule) ?? NONE
  if (live === ref.version) return 'live'
  if (shadow === ref.version) return 'shadow'
  const last = changes
    .filter(c => c.activeFrom <= now)
    .toSorted(byEffect)
    .flatMap(c => c.moves)
    .findLast(m => m.rule === ref.rule && m.version === ref.version)
  return last === undefined || last.to === 'draft' ? 'draft' : 'retired'
}

/** Changes that are yet to come and that nobody took back. */
export const waitingAt = (changes: readonly Change[], now: Instant): Change[] =>
  changes.filter(c => c.activeFrom > now && c.undoes === undefined && !changes.some(other => other.undoes === c.n))

/** Whether a version was part of any change: then its text stays as it is. */
export const isFrozen = (ref: { rule: string; version: number }, changes: readonly Change[]): boolean =>
  changes.some(c => c.moves.some(m => m.rule === ref.rule && m.version === ref.version))

/** One thing in which two versions differ. `path` such as `when`, `constants.limit.value`, `examples[2]`. */
export interface Difference {
  readonly path: string
  readonly before: Json
  readonly after: Json
}

/** What differs between two texts of a rule, field by field; lists entry by entry. */
export function differencesOf(before: RuleBody, after: RuleBody): Difference[] {
  return walk('', plain(before), plain(after))
}

/** Safe: the body of a rule is data; what is undefined in it is left out. */
const plain = (body: RuleBody): Json => JSON.parse(JSON.stringify(body)) as Json

function walk(path: string, before: Json | undefined, after: Json | undefined): Difference[] {
  if (canonicalJson(before) === canonicalJson(after)) return []
  const [old, now] = [entriesOf(before), entriesOf(after)]
  // Facts and moments of an example belong together: the example is shown as a whole.
  if (old === null || now === null || /^examples\[\d+\]$/.test(path))
    return [{ path, before: before ?? null, after: after ?? null }]
  const names = [...new Set([...old.keys(), ...now.keys()])]
  return names.flatMap(name => walk(joined(path, name), old.get(name), now.get(name)))
}

const joined = (path: string, name: string): string =>
  name.startsWith('[') ? `${path}${name}` : path === '' ? name : `${path}.${name}`

function entriesOf(value: Json | undefined): Map<string, Json> | null {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return new Map(value.map((item, i): [string, Json] => [`[${i}]`, item]))
  return new Map(Object.entries(value).flatMap(([k, v]): [string, Json][] => (v === undefined ? [] : [[k, v]])))
}
