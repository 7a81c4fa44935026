import type { FactValues } from '../contract/facts.ts'
import { bucketsOf, GROUPS } from '../kernel/bucket.ts'
import { type Instant, SECOND } from '../kernel/instant.ts'
import { orderFactSchema } from '../modules/orders/index.ts'
import type { Database } from '../platform/database.ts'
import { RECORD, type Story } from './backtest/story.ts'
import { storyIn } from './backtest/story-text.ts'
import { type LoadDeps, loadStreams } from './load.ts'
import { orderFold, ordersIn, STORY_FORM } from './reactors.ts'

/** An open order as rules see it now. */
export interface OpenOrder {
  readonly stream: string
  readonly orderNo: string
  readonly values: FactValues
}

export interface Sample {
  readonly open: readonly OpenOrder[]
  /** Whether these are all open orders. */
  readonly whole: boolean
  readonly stories: readonly Story[]
}

const MOST_OPEN = 2000
const MOST_STORIES = 1000
/** So long one sample serves everybody who edits a rule. */
const FRESH = 30 * SECOND

const OPEN = `
select bucket, stream from order_row where bucket = any($1::smallint[]) and open order by bucket, stream limit $2`
const STORIES = `
select convert_from(body, 'UTF8') as body from story
where bucket = any($1::smallint[]) and form = $2 order by bucket, stream limit $3`

export interface SamplesDeps {
  readonly db: Database
  readonly loads: LoadDeps
  /** Of the machine. */
  now(): Instant
}

/** Orders by chance (they are spread over groups by a hash), kept for a while: what a rule is tried on while it is typed. */
export class Samples {
  private readonly deps: SamplesDeps
  private kept: { readonly at: Instant; readonly sample: Promise<Sample> } | null = null

  constructor(deps: SamplesDeps) {
    this.deps = deps
  }

  take(): Promise<Sample> {
    const now = this.deps.now()
    if (this.kept === null || now - this.kept.at > FRESH) {
      const sample = this.read()
      this.kept = { at: now, sample }
      sample.catch(() => {
        this.kept = null
      })
    }
    return this.kept.sample
  }

  private async read(): Promise<Sample> {
    const keys: { bucket: number; stream: string }[] = []
    const stories: Story[] = []
    const { db } = this.deps
    for (let group = 0; group < GROUPS && (keys.length < MOST_OPEN || stories.length < MOST_STORIES); group++) {
      const buckets = bucketsOf(group)
      const open = await db.query<{ bucket: number; stream: string }>(OPEN, [buckets, MOST_OPEN + 1 - keys.length])
      keys.push(...open.rows)
      const told = await db.query<{ body: string }>(STORIES, [buckets, STORY_FORM, MOST_STORIES - stories.length])
      stories.push(...told.rows.map(row => storyIn(row.body)))
    }
    const whole = keys.length <= MOST_OPEN
    return { open: await this.openOrders(keys.slice(0, MOST_OPEN)), whole, stories }
  }

  private async openOrders(keys: readonly { bucket: number; stream: string }[]): Promise<OpenOrder[]> {
    const { db, loads } = this.deps
    const refs = keys.map(key => ({ ...key, kind: 'order' as const }))
    const loaded = await loadStreams(db, loads, refs)
    return [...loaded.values()].map(({ memo }) => {
      const state = ordersIn(memo.slices)
      return { stream: memo.stream, orderNo: state.orderNo ?? '', values: orderFold.values(state) }
    })
  }
}

/** Facts (`order.paidAt`, `parcels.carrier`) that any of the orders has, or ever had. */
export function factsSeen({ open, stories }: Sample): { orders: number; facts: ReadonlySet<string> } {
  // Learned, and not told by anybody.
  const facts = new Set(Object.keys(orderFactSchema.node?.of ?? {}).map(field => `node.${field}`))
  const add = (root: string, value: unknown): void => {
    if (Array.isArray(value)) for (const element of value) add(root, element)
    else if (typeof value === 'object' && value !== null)
      for (const [field, told] of Object.entries(value)) if (told !== null) facts.add(`${root}.${field}`)
  }
  for (const { values } of open) for (const [root, value] of Object.entries(values)) add(root, value)
  for (const { f } of stories)
    for (const [, record, others = {}] of f) {
      add(RECORD, record)
      for (const [root, value] of Object.entries(others)) add(root, value)
    }
  return { orders: open.length + stories.length, facts }
}
