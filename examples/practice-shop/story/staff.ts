import { HOUR, MINUTE } from './calendar.ts'
import { type Dice, dice } from './dice.ts'
import { workOf } from './work.ts'

/** What the team sees of a case in a list. */
export interface SeenCase {
  readonly id: string
  readonly type: string
  readonly severity: string
  readonly status: string
  readonly holds: boolean
  readonly owner: string | null
  readonly openedAt: number
  readonly updatedAt: number
}

export type Verb = 'acknowledge' | 'start' | 'note' | 'resolve' | 'close'

export interface Move {
  readonly id: string
  /** On whose behalf. */
  readonly who: string
  readonly verb: Verb
  readonly body: object
}

export const TEAM = ['lin.xiao', 'chen.an', 'wang.lei', 'maya.brandt'] as const
export const isOfTeam = (owner: string | null): boolean => TEAM.some(name => owner === `user:${name}`)

/** The share of cases that the team takes at once; the rest is for whoever practises. */
const SHARE = 0.7
/** What nobody has taken by then, the team takes too: the pile of a night does not stay for ever. */
const LEFT_OVER = 6 * HOUR

interface Plan {
  readonly who: string
  readonly acknowledge: number
  readonly start: number
  readonly finish: number
  readonly chance: Dice
}

/** How long people take; worse cases come first. */
function planOf(seed: number, { id, severity }: SeenCase): Plan {
  const chance = dice(seed, 'case', id)
  const patience = chance.chance(SHARE) ? 0 : LEFT_OVER
  const haste = severity === 'P0' ? 0.2 : severity === 'P1' ? 0.6 : 1
  return {
    ...{ chance, who: chance.pick(TEAM) },
    acknowledge: patience + chance.skewed(3, 70) * MINUTE * haste,
    start: chance.skewed(4, 90) * MINUTE * haste,
    finish: chance.skewed(10, 5 * 60) * MINUTE,
  }
}

/** What the team does next about a case at `now`: one thing, or nothing. */
export function moveOf(seed: number, seen: SeenCase, now: number): Move | null {
  if (seen.owner !== null && !isOfTeam(seen.owner)) return null
  const plan = planOf(seed, seen)
  const who = seen.owner?.slice('user:'.length) ?? plan.who
  const next = verbOf(plan, seen, now)
  return next && { id: seen.id, who, ...next }
}

function verbOf(plan: Plan, seen: SeenCase, now: number): Pick<Move, 'verb' | 'body'> | null {
  const idle = now - seen.updatedAt
  switch (seen.status) {
    case 'open':
      return idle >= plan.acknowledge ? { verb: 'acknowledge', body: {} } : null
    case 'acknowledged':
      return idle >= plan.start ? { verb: 'start', body: { note: plan.chance.pick(NOTES) } } : null
    case 'working':
      return idle >= patienceWith(plan, seen) ? { verb: 'close', body: ending(plan, seen) } : null
    case 'resolved':
    case 'cleared':
      return idle >= plan.finish && now - seen.openedAt < 72 * HOUR ? { verb: 'close', body: ending(plan, seen) } : null
    default:
      return null
  }
}

/** Nobody closes what still holds, unless it will hold for ever; it is looked at again. */
function patienceWith({ finish }: Plan, { type, holds }: SeenCase): number {
  if (!holds) return finish / 4
  return workOf(type).stays === undefined ? Number.POSITIVE_INFINITY : 2 * finish
}

const NOTES = [
  '已联系对方，等待回复',
  '在查轨迹',
  '核对系统记录中',
  '转给仓库同事一起看',
  'Called them, answer expected today',
  'Checking with the warehouse',
] as const

const ending = ({ chance }: Plan, { type, holds }: SeenCase): object => {
  const { causes, results, stays } = workOf(type)
  const told = { cause: chance.pick(causes), result: chance.pick(results) }
  return holds && stays !== undefined ? { ...told, override: { reason: stays } } : told
}
