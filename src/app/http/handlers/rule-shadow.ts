import type { Answer, Asked, Routes } from '../../../contract/api/index.ts'
import type { Principal } from '../../../contract/principal.ts'
import { DAY, type Instant, isoOf } from '../../../kernel/instant.ts'
import type { Change } from '../../../modules/rules/index.ts'
import { shadowCounts, shadowDays, shadowHits } from '../../../pipeline/queries/shadows.ts'
import { demandAll } from '../caller.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { isoOrNull } from './orders.ts'
import { readRule } from './rule-read.ts'

type Shadow = Routes['getRuleShadow']

/** The report over a version in shadow, and a page of the orders behind it. */
export async function shadowAnswer(
  deps: HttpDeps,
  { params: { id }, query: { version: asked, limit, cursor } }: Asked<Shadow>,
  principal: Principal,
): Promise<Answer<Shadow>> {
  demandAll(principal)
  const { db, now } = deps
  const { changes } = await readRule(deps, id)
  const { version, since, until } = spellOf(changes, { rule: id, version: asked })
  const of = { rule: id, version, since }
  const place = LISTS.shadow.placeOf(cursor)
  const rows = await shadowHits(db, of, { limit, after: place && { at: place[0], stream: place[1] } })
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  const body = {
    ...{ rule: id, version, since: isoOf(since), until: isoOrNull(until) },
    ...(await shadowCounts(db, of, now())),
    days: (await shadowDays(db, of)).map(({ day, n }) => ({ day: isoOf(day * DAY).slice(0, 10), hits: n })),
    items: shown.map(row => ({
      ...{ order: row.stream, orderNo: row.order_no, status: row.status, acts: row.acts },
      ...{ raisedAt: isoOf(row.raised_at), clearedAt: isoOrNull(row.cleared_at) },
      case: row.case_id === null ? null : { id: row.case_id, status: row.case_status ?? '' },
    })),
    next: LISTS.shadow.cursorOf(last ? [last.raised_at, last.stream] : null),
  }
  return { status: 200, body }
}

interface Spell {
  readonly version: number
  readonly since: Instant
  readonly until: Instant | null
}

/** The last time that a version ran in shadow. @throws ApiProblem rule_version_not_found */
function spellOf(changes: readonly Change[], of: { rule: string; version: number | undefined }): Spell {
  const moves = changes
    .toSorted((a, b) => a.activeFrom - b.activeFrom || a.n - b.n)
    .flatMap(c => c.moves.map(m => ({ ...m, at: c.activeFrom })))
    .filter(m => m.rule === of.rule)
  const begin = moves.findLastIndex(m => m.to === 'shadow' && (of.version ?? m.version) === m.version)
  const begun = moves[begin]
  if (begun === undefined)
    throw new ApiProblem(
      'rule_version_not_found',
      `No such version of ${of.rule} ever ran in shadow: move one there.`,
      {
        more: { sentence: { zh: '这条规则没有这样的版本运行过影子：请先把一个版本移到影子' } },
      },
    )
  const ended = moves.slice(begin + 1).find(m => m.version === begun.version || m.to === 'shadow')
  return { version: begun.version, since: begun.at, until: ended?.at ?? null }
}
