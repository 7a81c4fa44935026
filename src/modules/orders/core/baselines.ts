import type { FactValues } from '../../../contract/facts.ts'
import type { Duration, Instant } from '../../../kernel/instant.ts'

/** Terms. Node: the stage that an order stands in. Lane: orders whose stays in a node are alike enough to be counted together. */

/** How long orders of a lane stay in a node. */
export interface Baseline {
  readonly node: string
  readonly lane: string
  /** Stays that it was learned from. */
  readonly samples: number
  readonly p50: Duration
  readonly p90: Duration
  readonly p95: Duration
  readonly p99: Duration
}

/** What was learned at one time; it counts for stays that begin at `activeFrom` or later, until a newer version does. */
export interface BaselineVersion {
  readonly version: number
  readonly activeFrom: Instant
  readonly baselines: readonly Baseline[]
}

/** Below this many stays a lane says nothing, and the wider one is asked. */
export const FEWEST_SAMPLES = 30

/** The lanes of an order, the narrowest first: channel and region, channel, all orders. */
export function lanesOf(channel: string, region: string | undefined): readonly string[] {
  const wide = channel === '' ? [''] : [channel, '']
  return channel === '' || region === undefined ? wide : [`${channel}/${region}`, ...wide]
}

const keyOf = (node: string, lane: string): string => `${node}\t${lane}`

/** Every version that was learned; immutable. */
export class BaselineBook {
  private readonly versions: readonly {
    readonly version: number
    readonly activeFrom: Instant
    readonly byKey: ReadonlyMap<string, Baseline>
  }[]

  constructor(versions: readonly BaselineVersion[]) {
    this.versions = versions.map(({ version, activeFrom, baselines }) => ({
      ...{ version, activeFrom },
      byKey: new Map(baselines.map(b => [keyOf(b.node, b.lane), b])),
    }))
  }

  get isEmpty(): boolean {
    return this.versions.length === 0
  }

  /**
   * The baseline of a stay that began at `since`: of the version in force then, so that learning again never moves it;
   * of the narrowest lane with enough samples. Null when nothing was known then.
   */
  of(node: string, lanes: readonly string[], since: Instant): (Baseline & { readonly version: number }) | null {
    const stood = this.versions.findLast(v => v.activeFrom <= since)
    if (stood === undefined) return null
    for (const lane of lanes) {
      const baseline = stood.byKey.get(keyOf(node, lane))
      if (baseline) return { ...baseline, version: stood.version }
    }
    return null
  }
}

export const NO_BASELINES = new BaselineBook([])

/** An order's facts with what was known, when it entered its node, of how long that usually takes. */
export function withBaselines(values: FactValues, book: BaselineBook): FactValues {
  if (book.isEmpty) return values
  const { name, since } = recordIn(values, 'node')
  if (typeof name !== 'string' || typeof since !== 'number') return values
  const { channel, region } = recordIn(values, 'order')
  const lanes = lanesOf(String(channel ?? ''), typeof region === 'string' ? region : undefined)
  const found = book.of(name, lanes, since)
  if (found === null) return { ...values, node: { name, since } }
  const { lane, samples, version, p50, p90, p95, p99 } = found
  return { ...values, node: { name, since, lane, samples, version, p50, p90, p95, p99 } }
}

/** Safe: the projection of orders gives records of fields under these roots. */
const recordIn = (values: FactValues, root: string): { readonly [field: string]: unknown } =>
  (values[root] ?? {}) as { readonly [field: string]: unknown }
