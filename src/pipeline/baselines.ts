import { createHash } from 'node:crypto'
import { DDSketch } from '@datadog/sketches-js'
import { isStage } from '../contract/stages.ts'
import { bucketsOf, GROUPS } from '../kernel/bucket.ts'
import { DAY, type Duration, type Instant } from '../kernel/instant.ts'
import { staysOf } from '../modules/insight/index.ts'
import { type Baseline, BaselineBook, type BaselineVersion, FEWEST_SAMPLES, lanesOf } from '../modules/orders/index.ts'
import { ChangeRace, inRace } from '../modules/rules/index.ts'
import type { Database } from '../platform/database.ts'
import { RULES_SPREAD } from './spread.ts'
import { hex, type Sql } from './sql.ts'

/** Stays that ended within so many days are learned from; all of history where that gives too few. */
export const LEARN_FROM = 180 * DAY
/** Values are told with this relative error at most. */
const ACCURACY = 0.01
/** Versions that came into force longer ago go, but not while an open order is judged by one: back-tests need them for so long. */
export const KEEP_VERSIONS = 400 * DAY
const PAGE = 2000
/** Points of a distribution that are kept to be drawn: so many equal steps of the logarithm from the least to the most. */
const POINTS = 40

const ORDERS = `
select bucket, stream, channel, region, nodes::text as nodes, case when open then stage_since end as since from order_row
where bucket = any($1::smallint[]) and (bucket, stream) > ($2, $3) and placed_at is not null
order by bucket, stream limit ${PAGE}`
const VERSIONS = `
select version, active_from, body from reference where kind = 'baselines' and id = 'orders' and version > $1 order by version`
const NEWEST = `
select coalesce(max(version), 0) as version, max(active_from) as active_from
from reference where kind = 'baselines' and id = 'orders'`
const OLDEST = `select min(active_from) as active_from from reference where kind = 'baselines' and id = 'orders'`
/** From the oldest on, without a hole: a stay from before the first that is left is judged by none, never by a wrong one. */
const PRUNE = `
delete from reference where kind in ('baselines', 'baseline_shapes') and id = 'orders' and version < (
  select max(version) from reference where kind = 'baselines' and id = 'orders' and active_from <= $1)`
const SHAPES = `select body from reference where kind = 'baseline_shapes' and id = 'orders' and version = $1`
const ADD = `
insert into reference (kind, id, version, active_from, hash, body) values ($1, 'orders', $2, $3, $4, $5)
on conflict do nothing`

interface OrderNodes {
  bucket: number
  stream: string
  channel: string | null
  region: string | null
  nodes: string | null
  /** Since when it stands in its present node; null for an order that has ended. */
  since: Instant | null
}

/** How the stays of one lane in one node are spread: upper edge of a step in ms, and stays in it. */
export type Shape = readonly (readonly [upTo: Duration, n: number])[]
export interface Shapes {
  readonly [key: string]: Shape
}

export const shapeKey = ({ node, lane }: Pick<Baseline, 'node' | 'lane'>): string => `${node}\t${lane}`

/** Reads the versions after the n-th. */
export async function readBaselines(sql: Sql, after = 0): Promise<BaselineVersion[]> {
  const { rows } = await sql.query<{ version: number; active_from: number; body: string }>(VERSIONS, [after])
  return rows.map(({ version, active_from: activeFrom, body }) => ({
    ...{ version, activeFrom },
    // Safe: `learnBaselines` wrote it.
    baselines: JSON.parse(body) as Baseline[],
  }))
}

export async function readShapes(sql: Sql, version: number): Promise<Shapes> {
  const { rows } = await sql.query<{ body: string }>(SHAPES, [version])
  // Safe: `learnBaselines` wrote it.
  return rows[0] ? (JSON.parse(rows[0].body) as Shapes) : {}
}

export const bookOf = (versions: readonly BaselineVersion[]): BaselineBook => new BaselineBook(versions)

export interface Learning {
  /** The clock of the world. What is learned comes into force after it was stored, however long learning takes. */
  now(): Instant
  readonly signal?: AbortSignal
  progress?(groups: number, orders: number): void
}

export interface Learned {
  readonly version: number
  readonly orders: number
  readonly stays: number
  readonly lanes: number
}

/** Learns how long orders stay in each node, in one pass and in little memory, and puts it into force for stays to come. */
export async function learnBaselines(db: Database, { now, signal, progress }: Learning): Promise<Learned> {
  const lanes = new Lanes(now() - LEARN_FROM)
  const first = (await db.query<{ active_from: Instant | null }>(OLDEST)).rows[0]?.active_from ?? null
  let orders = 0
  let pinned = Number.POSITIVE_INFINITY
  for (let group = 0; group < GROUPS; group++) {
    for await (const page of pagesOf(db, group)) {
      signal?.throwIfAborted()
      for (const order of page) {
        lanes.add(order)
        if (order.since !== null && first !== null && order.since >= first) pinned = Math.min(pinned, order.since)
      }
      orders += page.length
    }
    progress?.(group + 1, orders)
  }
  const { baselines, shapes } = lanes.told()
  // Nothing learned is no version: the one before goes on.
  if (baselines.length === 0) return { version: 0, orders, stays: lanes.stays, lanes: 0 }
  const version = await publish(db, () => now() + RULES_SPREAD, { baselines, shapes })
  await db.query(PRUNE, [Math.min(pinned, now() - KEEP_VERSIONS)])
  return { version, orders, stays: lanes.stays, lanes: baselines.length }
}

async function* pagesOf(sql: Sql, group: number): AsyncGenerator<readonly OrderNodes[]> {
  let last = { bucket: -1, stream: '' }
  for (;;) {
    const { rows } = await sql.query<OrderNodes>(ORDERS, [bucketsOf(group), last.bucket, last.stream])
    if (rows.length === 0) return
    yield rows
    last = rows.at(-1)!
  }
}

function publish(
  db: Database,
  soonest: () => Instant,
  { baselines, shapes }: { readonly baselines: readonly Baseline[]; readonly shapes: Shapes },
): Promise<number> {
  return inRace(db, async tx => {
    const { rows } = await tx.query<{ version: number; active_from: Instant | null }>(NEWEST)
    const version = (rows[0]?.version ?? 0) + 1
    // Stays that began under a version are judged by it: none begins to count before the one that it follows.
    const activeFrom = Math.max(soonest(), rows[0]?.active_from ?? 0)
    for (const [kind, what] of [
      ['baselines', baselines],
      ['baseline_shapes', shapes],
    ] as const) {
      const body = JSON.stringify(what)
      const digest = hex(createHash('sha256').update(body).digest())
      const { rowCount } = await tx.query(ADD, [kind, version, activeFrom, digest, body])
      if (rowCount !== 1) throw new ChangeRace(`version ${version} of the baselines was learned by another process`)
    }
    return version
  })
}

/** Whether it was learned longer ago than `age`, or never. */
export async function isStale(sql: Sql, now: Instant, age: Duration): Promise<boolean> {
  const { rows } = await sql.query<{ active_from: number | null }>(NEWEST)
  return (rows[0]?.active_from ?? Number.NEGATIVE_INFINITY) <= now - age
}

interface Sketches {
  readonly recent: DDSketch
  readonly all: DDSketch
}

class Lanes {
  private readonly from: Instant
  private readonly sketches = new Map<string, Sketches>()
  stays = 0

  constructor(from: Instant) {
    this.from = from
  }

  add({ channel, region, nodes }: OrderNodes): void {
    const lanes = lanesOf(channel ?? '', region ?? undefined)
    for (const { stage, enteredAt, leftAt } of staysOf(nodesIn(nodes))) {
      this.stays++
      for (const lane of lanes) {
        const { recent, all } = this.of(shapeKey({ node: stage, lane }))
        all.accept(leftAt - enteredAt)
        if (leftAt >= this.from) recent.accept(leftAt - enteredAt)
      }
    }
  }

  private of(key: string): Sketches {
    let known = this.sketches.get(key)
    if (known === undefined) {
      known = {
        recent: new DDSketch({ relativeAccuracy: ACCURACY }),
        all: new DDSketch({ relativeAccuracy: ACCURACY }),
      }
      this.sketches.set(key, known)
    }
    return known
  }

  told(): { baselines: Baseline[]; shapes: Shapes } {
    const baselines: Baseline[] = []
    const shapes: { [key: string]: Shape } = {}
    for (const [key, { recent, all }] of [...this.sketches].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const sketch = recent.count >= FEWEST_SAMPLES ? recent : all
      if (sketch.count < FEWEST_SAMPLES) continue
      const [node = '', lane = ''] = key.split('\t')
      const at = (q: number): Duration => Math.round(sketch.getValueAtQuantile(q))
      baselines.push({ node, lane, samples: sketch.count, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) })
      shapes[key] = shapeOf(sketch)
    }
    return { baselines, shapes }
  }
}

function nodesIn(text: string | null): { readonly [node: string]: Instant } {
  const known: { [node: string]: Instant } = {}
  for (const [node, at] of Object.entries(JSON.parse(text ?? '{}')))
    if (isStage(node) && typeof at === 'number') known[node] = at
  return known
}

/** From the least to the most in equal steps of the logarithm; between two edges as many stays as the sketch counts there. */
function shapeOf(sketch: DDSketch): Shape {
  const low = Math.log(Math.max(1000, sketch.min))
  const high = Math.log(Math.max(1000, sketch.max))
  const edges = Array.from({ length: POINTS }, (_, i) => Math.exp(low + ((high - low) * (i + 1)) / POINTS))
  const counts = edges.map(() => 0)
  counts[0] = sketch.zeroCount
  const { store, mapping } = sketch
  for (let i = 0; i < store.bins.length; i++) {
    const n = store.bins[i] ?? 0
    if (n === 0) continue
    const value = mapping.value(i + store.offset)
    const step = edges.findIndex(edge => value <= edge)
    counts[step < 0 ? POINTS - 1 : step]! += n
  }
  return edges.map((edge, i) => [Math.round(edge), counts[i]!])
}
