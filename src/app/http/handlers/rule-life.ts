import type { RuleText } from '../../../contract/api/index.ts'
import { RESERVED_RULE_IDS } from '../../../contract/rule-ids.ts'
import type { CalendarDef } from '../../../kernel/business-time.ts'
import { isoOf } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { orderFactSchema } from '../../../modules/orders/index.ts'
import {
  type CheckedRule,
  calendarsOf,
  cancelChange,
  checkRule,
  DraftConflict,
  defOf,
  failedExamples,
  moveRules,
  RuleRefused,
  type Standing,
  type StoredVersion,
  saveDraft,
  termReads,
  turnAt,
  turnsOf,
} from '../../../modules/rules/index.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { readRule, versionOrRefuse } from './rule-read.ts'
import { bodyOfText, changeItem, constantItems, constantsOf, textOf, versionItem } from './rule-shape.ts'

type Operation = 'checkRule' | 'saveRuleDraft' | 'moveRule' | 'cancelRuleChange'

export function ruleLifeHandlers(deps: HttpDeps): Pick<Handlers, Operation> {
  const { db, pipeline, audit } = deps
  return {
    async checkRule({ body: { when, constants } }) {
      const checked = checkRule(when, orderFactSchema, vocabularyOf(deps, constants))
      const told = checked.ok ? termReads(checked.term) : { facts: [], now: false }
      const refusals = refusalItems(checked)
      return { status: 200, body: { ok: checked.ok, refusals, reads: told.facts, usesTime: told.now } }
    },
    async saveRuleDraft({ params: { id }, body: { text, reason, seen } }, { actor, who }) {
      if (RESERVED_RULE_IDS.has(id))
        throw new ApiProblem('rule_draft_conflict', `${id} is a word of our own: choose another id.`)
      demandAccepted(deps, text)
      const newest = await newestOf(deps, id)
      if (newest) audit.was(who, { text: asJson(textOf(newest.body)) })
      const asked = { rule: id, body: bodyOfText(text, newest?.body), by: actor, reason, seen, at: deps.now() }
      try {
        const draft = await saveDraft(db, asked)
        return { status: 200, body: versionItem(draft, pipeline.references.changes, deps.now()) }
      } catch (error) {
        if (!(error instanceof DraftConflict)) throw error
        throw new ApiProblem('rule_draft_conflict', `${error.message} Load it again and bring your text in.`)
      }
    },
    async moveRule({ params: { id }, body: { version, to, reason, activeFrom } }, { actor, who }) {
      const { versions, changes } = await readRule(deps, id)
      const stored = versionOrRefuse(versions, id, version)
      if (to === 'live' || to === 'shadow') demandReady(deps, stored)
      const at = deps.now()
      const standing = turnAt(turnsOf(changes), at)?.standings.get(id)
      audit.was(who, { version: standing?.[to === 'shadow' ? 'shadow' : 'live'] ?? null, to: stageOf(standing) })
      const soonest = await pipeline.ruleWatch.soonestTurn()
      if (activeFrom !== undefined && activeFrom < at)
        throw new ApiProblem('rule_too_soon', `${isoOf(activeFrom)} is past: rules do not change what was decided.`)
      const asked = { by: actor, reason, at, activeFrom: Math.max(activeFrom ?? 0, soonest) }
      const change = await refusing(() => moveRules(db, { ...asked, moves: [{ rule: id, version, to }] }))
      await pipeline.ruleWatch.changed()
      return { status: 200, body: changeItem(change) }
    },
    async cancelRuleChange({ params: { n }, body: { reason } }, { actor }) {
      const change = await refusing(() => cancelChange(db, { n, by: actor, reason, at: deps.now() }))
      await pipeline.ruleWatch.changed()
      return { status: 200, body: changeItem(change) }
    },
  }
}

// A text of a rule is JSON: it came as such.
const asJson = (text: RuleText): JsonObject => text as unknown as JsonObject

const stageOf = (standing: Standing | undefined): string | null =>
  standing?.live != null ? 'live' : standing?.shadow != null ? 'shadow' : null

const newestOf = async (deps: HttpDeps, id: string): Promise<StoredVersion | undefined> => {
  try {
    return (await readRule(deps, id)).versions.at(-1)
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'rule_not_found') return undefined
    throw error
  }
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RuleRefused) throw new ApiProblem(error.code, error.message)
    throw error
  }
}

const refusalItems = (checked: CheckedRule) =>
  checked.ok ? [] : checked.refusals.map(r => ({ code: r.code, start: r.start, end: r.end, message: { ...r.message } }))

/** The business calendars that stand now. */
export const calendarsNow = ({ pipeline, now }: HttpDeps): readonly CalendarDef[] =>
  pipeline.references.setAt(now())?.calendars ?? []

const vocabularyOf = (deps: HttpDeps, constants: RuleText['constants']) => ({
  constants: constantsOf(constants),
  calendars: calendarsOf(calendarsNow(deps)),
})

/** @throws ApiProblem rule_refused, with ranges and sentences in both languages in `more` */
export function demandAccepted(deps: HttpDeps, { when, constants }: Pick<RuleText, 'when' | 'constants'>): void {
  const checked = checkRule(when.trim(), orderFactSchema, vocabularyOf(deps, constants))
  if (checked.ok) return
  const refusals = refusalItems(checked)
  const errors = refusals.map(r => ({ pointer: '/text/when', code: r.code, message: r.message.en }))
  throw new ApiProblem('rule_refused', `The condition is not accepted: ${errors[0]?.message}`, {
    errors,
    more: { refusals, sentence: { zh: `规则条件有误：${refusals[0]?.message.zh}` } },
  })
}

/** @throws ApiProblem rule_refused, rule_examples_failed */
function demandReady(deps: HttpDeps, stored: StoredVersion): void {
  const { when, constants, examples } = stored.body
  demandAccepted(deps, { when, constants: constantItems(constants) })
  const failed = failedExamples(defOf(stored, 'live'), orderFactSchema, { calendars: calendarsNow(deps) })
  const lacking = [true, false].filter(holds => !examples.some(e => e.holds === holds))
  if (failed.length === 0 && lacking.length === 0) return
  const detail =
    failed.length > 0
      ? `Of its examples these do not come out as they say: ${failed.map(n => n + 1).join(', ')}.`
      : `It needs an example that ${lacking.map(holds => (holds ? 'holds' : 'does not hold')).join(' and one that ')}.`
  const zh =
    failed.length > 0
      ? `以下示例的结果与所写不符：${failed.map(n => n + 1).join('、')}`
      : `还缺少${lacking.map(holds => (holds ? '成立' : '不成立')).join('和')}的示例`
  throw new ApiProblem('rule_examples_failed', detail, { more: { failed, sentence: { zh } } })
}
