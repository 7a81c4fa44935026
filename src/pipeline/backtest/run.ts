import type { FactSchema } from '../../contract/facts.ts'
import { GROUPS } from '../../kernel/bucket.ts'
import type { CalendarDef } from '../../kernel/business-time.ts'
import type { BaselineVersion } from '../../modules/orders/index.ts'
import { compileBook, type RuleDef } from '../../modules/rules/index.ts'
import { bookOf, readBaselines } from '../baselines.ts'
import type { LoadDeps } from '../load.ts'
import { jsonRows, type Sql } from '../sql.ts'
import type { Outcome } from './outcome.ts'
import { ordersOf } from './read.ts'
import { type Hit, type Period, type Summary, Tally } from './tally.ts'

/** What somebody wants to know of history. */
export interface Question {
  readonly draft: RuleDef
  /** What it would take the place of. */
  readonly live: RuleDef | null
  readonly period: Period
  readonly outcome: Outcome
  /** Of the 32 groups of orders, how many to look at: orders are spread over them by chance. */
  readonly groups: number
  /** Business calendars that the rules may name. */
  readonly calendars?: readonly CalendarDef[]
  /** Baselines that rules may read: a stay is judged by those that were in force when it began. */
  readonly baselines?: readonly BaselineVersion[]
}

/** A question as its job keeps it: of the baselines the newest version that was known, as the versions stay where they are. */
export type KeptQuestion = Omit<Question, 'baselines'> & { readonly baselines: number }

/** With all that it names. */
export const wholeQuestion = async (sql: Sql, kept: KeptQuestion): Promise<Question> => ({
  ...kept,
  baselines: (await readBaselines(sql)).filter(v => v.version <= kept.baselines),
})

export interface BacktestResult extends Summary {
  readonly groups: number
  /** Hits that were written down, of `hits`. */
  readonly listed: number
}

/** Hits that are listed one by one; the figures count all. */
export const MOST_LISTED = 5000
const HITS_A_WRITE = 500

const WRITE_HITS = `
insert into backtest_hit (job, n, body) select $1, n, body from json_to_recordset($2) as r(n integer, body json)
on conflict do nothing`

export interface BacktestDeps {
  readonly db: Sql
  readonly loads: LoadDeps
  readonly schema: FactSchema
  readonly signal: AbortSignal
  progress(groups: number, orders: number): void
}

/**
 * Replays recorded history under a draft, by what was known at each instant, and counts what it would have raised. No
 * consequences are simulated: what people did because of a live rule happened as it happened, and such hits are marked.
 */
export async function backtest(deps: BacktestDeps, job: string, question: Question): Promise<BacktestResult> {
  const { draft, live, period, outcome } = question
  const rules = [draft, ...(live ? [{ ...live, id: `${live.id}@live` }] : [])]
  const book = compileBook(
    rules.map(rule => ({ ...rule, stage: 'live' as const })),
    deps.schema,
    { calendars: question.calendars ?? [] },
  )
  const tally = new Tally(book, { period, outcome, baselines: bookOf(question.baselines ?? []) })
  const list = new HitList(deps.db, job)
  const groups = Math.min(question.groups, GROUPS)
  const of = (group: number) => ({ group, until: period.until, reads: tally.reads })
  for (let group = 0; group < groups; group++) {
    for await (const page of ordersOf(deps.db, deps.loads, of(group))) {
      for (const { stream, story } of page) {
        const hit = tally.add(stream, story)
        if (hit !== null) list.add(hit)
      }
      deps.signal.throwIfAborted()
      await list.flush(HITS_A_WRITE)
      deps.progress(group, tally.seen)
    }
    deps.progress(group + 1, tally.seen)
  }
  await list.flush(1)
  return { ...tally.summary(), groups, listed: list.written }
}

/** Orders are read by chance, so the first hits are as good as any. */
class HitList {
  written = 0
  private readonly db: Sql
  private readonly job: string
  private waiting: Hit[] = []

  constructor(db: Sql, job: string) {
    this.db = db
    this.job = job
  }

  add(hit: Hit): void {
    if (this.written + this.waiting.length < MOST_LISTED) this.waiting.push(hit)
  }

  /** Writes what waits when there are so many. */
  async flush(least: number): Promise<void> {
    if (this.waiting.length < least) return
    const rows = this.waiting.map((body, i) => ({ n: this.written + i, body }))
    this.waiting = []
    this.written += rows.length
    await this.db.query(WRITE_HITS, [this.job, jsonRows(rows)])
  }
}
