import type { RuleItem } from '../../../contract/api/index.ts'
import { reachesAll } from '../../../contract/principal.ts'
import { isoOf } from '../../../kernel/instant.ts'
import {
  type Change,
  differencesOf,
  readChanges,
  type Standing,
  type StoredVersion,
  stageOf,
  turnAt,
  turnsOf,
  waitingAt,
} from '../../../modules/rules/index.ts'
import { type RuleStats, readSweeps, ruleStats } from '../../../pipeline/queries/rules.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { readAll, readRule, versionOrRefuse } from './rule-read.ts'
import { shadowAnswer } from './rule-shadow.ts'
import { changeItem, constantItems, statsItem, versionItem } from './rule-shape.ts'

type Operation = 'listRules' | 'listRuleNames' | 'getRule' | 'diffRule' | 'getRuleShadow' | 'listRuleChanges'

const MOST_CHANGES = 200

export function ruleHandlers(deps: HttpDeps): Pick<Handlers, Operation> {
  const { db, pipeline } = deps
  return {
    async listRules({ query: { days } }, { principal }) {
      const now = deps.now()
      const set = pipeline.references.setAt(now)
      if (set === null) throw new ApiProblem('not_ready', 'The rules are not loaded yet: ask again in a moment.')
      const { changes, versions } = await readAll(deps)
      const stats = reachesAll(principal) ? await ruleStats(db, now, days) : null
      const items = [...Map.groupBy(versions, v => v.rule).values()].map(own => ruleItem(own, changes, { now, stats }))
      const { version, activeFrom, broken } = set
      return { status: 200, body: { version, activeFrom: isoOf(activeFrom), items, broken: [...broken] } }
    },
    async listRuleNames() {
      const { changes, versions } = await readAll(deps)
      const standings = turnAt(turnsOf(changes), deps.now())?.standings
      const items = [...Map.groupBy(versions, v => v.rule)].map(([id, own]) => {
        const { name, type } = shownOf(own, standings?.get(id)).body
        return { id, name: { ...name }, type }
      })
      return { status: 200, body: { items } }
    },
    async getRule({ params: { id } }) {
      const now = deps.now()
      const { changes, versions } = await readRule(deps, id)
      const standing = turnAt(turnsOf(changes), now)?.standings.get(id)
      const own = changes.filter(c => c.moves.some(m => m.rule === id)).reverse()
      const body = {
        id,
        live: standing?.live ?? null,
        shadow: standing?.shadow ?? null,
        waiting: waitingAt(own, now).map(changeItem),
        versions: versions.map(v => versionItem(v, changes, now)).reverse(),
        changes: own.slice(0, MOST_CHANGES).map(changeItem),
      }
      return { status: 200, body }
    },
    async diffRule({ params: { id }, query: { from, to } }) {
      const { versions } = await readRule(deps, id)
      const [before, after] = [from, to].map(n => versionOrRefuse(versions, id, n))
      return { status: 200, body: { items: differencesOf(before!.body, after!.body).map(d => ({ ...d })) } }
    },
    getRuleShadow: (asked, { principal }) => shadowAnswer(deps, asked, principal),
    async listRuleChanges(_asked, { principal }) {
      const { changes } = await readChanges(db)
      const sweeps = (await readSweeps(db)).map(({ node, status, progress }) => ({
        ...{ node, status, groups: progress.total, groupsDone: progress.done },
        orders: reachesAll(principal) ? progress.orders : null,
        activeFrom: isoOf(progress.turn),
        startedAt: isoOf(progress.startedAt),
        endedAt: progress.endedAt === null ? null : isoOf(progress.endedAt),
      }))
      return { status: 200, body: { items: changes.slice(-MOST_CHANGES).reverse().map(changeItem), sweeps } }
    },
  }
}

/** The version that speaks for a rule: what is live, else in shadow, else the newest. @param own not empty */
const shownOf = (own: readonly StoredVersion[], standing: Standing | undefined): StoredVersion =>
  own.find(v => v.version === (standing?.live ?? standing?.shadow)) ?? own.at(-1)!

function ruleItem(
  own: readonly StoredVersion[],
  changes: readonly Change[],
  at: { readonly now: number; readonly stats: RuleStats | null },
): RuleItem {
  const newest = own.at(-1)!
  const id = newest.rule
  const standing = turnAt(turnsOf(changes), at.now)?.standings.get(id)
  const shown = shownOf(own, standing)
  const { name, reason, when, type, severity, clears, constants, team } = shown.body
  const last = changes.findLast(c => c.moves.some(m => m.rule === id))
  const changed = last !== undefined && last.at >= newest.at ? last : { ...newest, by: newest.author }
  return {
    ...{ id, version: shown.version, stage: stageOf(shown, changes, at.now) },
    ...{ shadow: standing?.shadow ?? null, newest: newest.version },
    ...{ name: { ...name }, reason: { ...reason }, when, type, severity, clears },
    constants: constantItems(constants),
    team: team ?? null,
    pack: shown.pack,
    changed: { at: isoOf(changed.at), by: changed.by, reason: changed.reason },
    stats: at.stats && statsItem(at.stats, id),
  }
}
