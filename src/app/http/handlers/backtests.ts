import type { BacktestItem } from '../../../contract/api/index.ts'
import { GROUPS } from '../../../kernel/bucket.ts'
import { DAY, isoOf } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { defOf, type RuleDef, turnAt, turnsOf } from '../../../modules/rules/index.ts'
import type { BacktestResult, KeptQuestion } from '../../../pipeline/backtest/run.ts'
import type { Lead, Side } from '../../../pipeline/backtest/tally.ts'
import { listHits } from '../../../pipeline/queries/backtests.ts'
import { type JobRow, listJobs, readJob } from '../../../pipeline/queries/jobs.ts'
import { demandAll } from '../caller.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { isoOrNull } from './orders.ts'
import { calendarsNow, demandAccepted } from './rule-life.ts'
import { readRule, versionOrRefuse } from './rule-read.ts'
import { bodyOfText, constantItems } from './rule-shape.ts'

type Operation = 'startBacktest' | 'listBacktests' | 'getBacktest' | 'listBacktestHits'

export function backtestHandlers(deps: HttpDeps): Pick<Handlers, Operation> {
  const { db, jobs } = deps
  return {
    async startBacktest({ body }, { actor, principal }) {
      demandAll(principal)
      const { from, until, outcome, groups } = body
      const { draft, live } = await rulesOf(deps, body)
      const period = { from, until, now: deps.now() }
      const baselines = deps.pipeline.references.baselineVersions.at(-1)?.version ?? 0
      const known = { calendars: calendarsNow(deps), baselines }
      const question: KeptQuestion = { draft, live, period, outcome, groups, ...known }
      // Safe: a question is data.
      const params = JSON.parse(JSON.stringify(question)) as JsonObject
      const job = await jobs.begin('backtest', { params, actor })
      return { status: 202, body: backtestItem(job), headers: { location: `/v1/backtests/${job.id}` } }
    },
    async listBacktests({ query: { rule, limit, cursor } }, { principal }) {
      demandAll(principal)
      const place = LISTS.backtests.placeOf(cursor)
      const after = place && { at: place[0], id: place[1] }
      const { rows, next } = await listJobs(
        db,
        { kind: ['backtest'], ...(rule !== undefined && { rule }) },
        { limit, after },
      )
      return {
        status: 200,
        body: { items: rows.map(backtestItem), next: LISTS.backtests.cursorOf(next && [next.at, next.id]) },
      }
    },
    async getBacktest({ params: { id } }, { principal }) {
      demandAll(principal)
      return { status: 200, body: backtestItem(await backtestJob(deps, id)) }
    },
    async listBacktestHits({ params: { id }, query: { limit, cursor } }, { principal }) {
      demandAll(principal)
      await backtestJob(deps, id)
      const after = LISTS.hits.placeOf(cursor)?.[0] ?? null
      const { rows, next } = await listHits(db, id, { limit, after })
      const items = rows.map(({ hit }) => ({
        ...{ order: hit.stream, orderNo: hit.orderNo, at: isoOf(hit.at), clearedAt: isoOrNull(hit.clearedAt) },
        ...{ harmAt: isoOrNull(hit.harmAt), lead: hit.harmAt === null ? null : hit.harmAt - hit.at },
        ...{ influenced: hit.influenced, change: hit.change },
      }))
      return { status: 200, body: { items, next: LISTS.hits.cursorOf(next === null ? null : [next]) } }
    },
  }
}

type Asked = Parameters<Handlers['startBacktest']>[0]['body']

/** The draft that is asked about, and the live version of the same rule. */
async function rulesOf(deps: HttpDeps, { rule, version, text }: Asked): Promise<Pick<KeptQuestion, 'draft' | 'live'>> {
  const known = await readRule(deps, rule).catch(error => {
    if (text !== undefined && error instanceof ApiProblem) return null
    throw error
  })
  const standing = known && turnAt(turnsOf(known.changes), deps.now())?.standings.get(rule)
  const stored = known?.versions.find(v => v.version === standing?.live)
  const live = stored ? defOf(stored, 'live') : null
  if (text !== undefined) {
    demandAccepted(deps, text)
    return { draft: { ...bodyOfText(text, known?.versions.at(-1)?.body), id: rule, version: 0, stage: 'draft' }, live }
  }
  const newest = known!.versions.at(-1)!
  const draft: RuleDef = defOf(version ? versionOrRefuse(known!.versions, rule, version) : newest, 'draft')
  demandAccepted(deps, { when: draft.when, constants: constantItems(draft.constants) })
  return { draft, live }
}

/** @throws ApiProblem backtest_not_found */
async function backtestJob({ db }: HttpDeps, id: string): Promise<JobRow> {
  const job = await readJob(db, id)
  if (job?.kind === 'backtest') return job
  throw new ApiProblem('backtest_not_found', `There is no back-test ${id}: see GET /v1/backtests.`)
}

function backtestItem(job: JobRow): BacktestItem {
  // Safe: `startBacktest` made the question, and `backtest` the result.
  const question = job.params as unknown as KeptQuestion
  const result = job.result as unknown as BacktestResult | null
  const { draft, live, period, outcome } = question
  const { done, total } = job.progress
  return {
    ...{ id: job.id, status: job.status, by: job.actor },
    ...{ createdAt: isoOf(job.createdAt), endedAt: isoOrNull(job.endedAt) },
    progress: { done: Number(done ?? 0), total: Number(total ?? GROUPS) },
    ...{ rule: draft.id, version: draft.version, liveVersion: live?.version ?? null },
    ...{ from: isoOf(period.from), until: isoOf(period.until), outcome },
    result: result && resultItem(result, question),
    error: job.error && { ...job.error },
  }
}

function resultItem(result: BacktestResult, { draft, live }: KeptQuestion): NonNullable<BacktestItem['result']> {
  const { orders, harmed, groups, listed, difference } = result
  return {
    ...{ orders, harmed, groups, listed, difference: difference && { ...difference } },
    draft: sideItem(result.draft, draft),
    live: result.live && live && sideItem(result.live, live),
  }
}

const sideItem = ({ days, lead, load, ...counts }: Side, rule: RuleDef) => ({
  ...counts,
  days: days.map(([day, hits]) => ({ day: isoOf(day * DAY).slice(0, 10), hits })),
  lead: lead && { ...lead, points: barsOf(lead) },
  load: { team: rule.team ?? null, ...load },
})

/** An earlier release kept no bars with its results. */
const barsOf = ({ points = [] }: Omit<Lead, 'points'> & Partial<Lead>) => points.map(bar => ({ ...bar }))
