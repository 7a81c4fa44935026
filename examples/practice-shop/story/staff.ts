import { HOUR, MINUTE } from './calendar.ts'
import { type Dice, dice } from './dice.ts'

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

/** The share of cases that the team takes; the rest is for whoever practises. */
const SHARE = 0.7

interface Plan {
  readonly takes: boolean
  readonly who: string
  readonly acknowledge: number
  readonly start: number
  readonly finish: number
  readonly chance: Dice
}

/** How long people take; worse cases come first. */
function planOf(seed: number, { id, severity }: SeenCase): Plan {
  const chance = dice(seed, 'case', id)
  const takes = chance.chance(SHARE)
  const haste = severity === 'P0' ? 0.2 : severity === 'P1' ? 0.6 : 1
  return {
    ...{ takes, chance, who: chance.pick(TEAM) },
    acknowledge: chance.skewed(3, 70) * MINUTE * haste,
    start: chance.skewed(4, 90) * MINUTE * haste,
    finish: chance.skewed(10, 5 * 60) * MINUTE,
  }
}

/** What the team does next about a case at `now`: one thing, or nothing. */
export function moveOf(seed: number, seen: SeenCase, now: number): Move | null {
  const plan = planOf(seed, seen)
  const ours = seen.owner === null ? plan.takes : isOfTeam(seen.owner)
  if (!ours) return null
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
      // Nobody closes what still holds; it is looked at again.
      return !seen.holds && idle >= plan.finish / 4 ? { verb: 'close', body: ending(plan, seen) } : null
    case 'resolved':
    case 'cleared':
      return idle >= plan.finish && now - seen.openedAt < 72 * HOUR ? { verb: 'close', body: ending(plan, seen) } : null
    default:
      return null
  }
}

const NOTES = [
  '已联系对方，等待回复',
  '在查轨迹',
  '核对系统记录中',
  '转给仓库同事一起看',
  'Called them, answer expected today',
  'Checking with the warehouse',
] as const

/** What was behind it, as far as the team can tell. */
const CAUSES: { readonly [type: string]: readonly string[] } = {
  approval_late_card: ['broken_flow', 'payment'],
  approval_late_slip: ['payment', 'customer'],
  handover_late: ['warehouse', 'warehouse', 'stock_sync', 'broken_flow'],
  transit_at_risk: ['carrier', 'carrier', 'address'],
  delivered_late: ['carrier', 'warehouse'],
  delivered_without_date: ['data_source'],
  never_delivered: ['carrier'],
  amount_mismatch: ['rule_clash', 'payment', 'data_source'],
  no_items: ['data_source'],
  impossible_sequence: ['data_source', 'system'],
  unmatched_timeout: ['data_source'],
}
const RESULTS = [
  '已处理，客户知悉',
  '已补发',
  '对方已更正数据',
  '恢复正常，继续观察',
  'Fixed at the source',
  'Customer informed, no loss',
] as const

const ending = ({ chance }: Plan, { type }: SeenCase): object => ({
  cause: chance.pick(CAUSES[type] ?? ['other', 'broken_flow', 'system']),
  result: chance.pick(RESULTS),
})
