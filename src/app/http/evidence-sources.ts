import { type FactSchema, type Label, maybeField, type ScalarField, type ScalarType } from '../../contract/facts.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Constants } from '../../modules/rules/index.ts'
import type { RuleSet } from '../../pipeline/rule-sets.ts'

export { orderFactSchema } from '../../modules/orders/index.ts'

/** Constants of a rule by name: what people call them. */
export type RuleConstants = { readonly [name: string]: { readonly type: ScalarType; readonly label: Label } }

export interface RuleSaid {
  readonly constants: RuleConstants
  readonly reason: Label | null
  readonly hint: Label | null
}

const UNKNOWN: RuleSaid = { constants: {}, reason: null, hint: null }

/** What a rule of this id and version says of itself; the newest known one when that version is gone. */
export function ruleSaid(versions: readonly RuleSet[], asked: { id: string; version: number }, now: Instant): RuleSaid {
  const sets = versions.filter(v => v.activeFrom <= now).toReversed()
  const found = sets.flatMap(set => set.live.filter(rule => rule.id === asked.id))
  const rule = found.find(r => r.version === asked.version) ?? found[0]
  if (rule === undefined) return UNKNOWN
  const { constants, reason, hint } = rule
  return { constants: valuesIn(constants), reason: wordsOf(reason), hint: hint ? wordsOf(hint) : null }
}

const wordsOf = ({ zh, en }: Label): Label => ({ zh, en })

/** Lists and tables are not part of an evidence. */
const valuesIn = (constants: Constants): RuleConstants =>
  Object.fromEntries(
    Object.entries(constants).flatMap(([name, c]) =>
      c.type === 'list' || c.type === 'lookup' ? [] : [[name, { type: c.type, label: c.label }]],
    ),
  )

const told = (type: ScalarType, zh: string, en: string, example: string | number): ScalarField =>
  maybeField(type, { zh, en, from: [], example })

/** What findings about feeds and about the installation say; no rule that people write reads it. */
export const systemEvidence: FactSchema = {
  feed: {
    type: 'record',
    label: { zh: '数据源', en: 'Feed' },
    of: {
      name: told('string', '数据源', 'Feed', 'web'),
      heardAt: told('time', '最后一次消息', 'Last heard of', 1_516_294_710_000),
      usualGap: told('dur', '通常间隔', 'Usual gap', 60_000),
      unmatched: told('num', '找不到订单的消息', 'Messages without an order', 3),
    },
  },
  backup: {
    type: 'record',
    label: { zh: '备份', en: 'Backup' },
    of: {
      failedAt: told('time', '失败时间', 'Failed at', 1_516_294_710_000),
      reason: told('string', '为什么', 'Why', 'The disk is full'),
      lastGoodAt: told('time', '最后一次成功', 'Last good one', 1_516_294_710_000),
    },
  },
}
