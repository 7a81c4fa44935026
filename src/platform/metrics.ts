import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Values of labels: few and fixed ones, never an id. */
export type Labels = Readonly<Record<string, string>>

interface Definition {
  /** Without the prefix `andon_`; counters end in `_total`, times in `_seconds`. */
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
}

export type Totals = Readonly<Record<string, number>>

export interface Metrics {
  counter(definition: Definition): (by?: number, labels?: Labels) => void
  gauge(definition: Definition): (value: number, labels?: Labels) => void
  /** A gauge that is read when somebody asks for the metrics. */
  measured(definition: Definition, read: () => number): void
  /** @param definition.buckets upper bounds, ascending, in the unit of the name; default 1 ms to 10 s */
  histogram(definition: Definition & { readonly buckets?: readonly number[] }): (value: number, labels?: Labels) => void
  /** Counters and gauges by name, and count and sum of histograms, without prefix and summed over their labels. */
  totals(): Promise<Totals>
  /** The text format of Prometheus, and its content type. */
  text(): Promise<string>
  readonly contentType: string
}

/** ms between two looks at the event loop. The default of 10 costs a process that does nothing 6 ms of CPU a second. */
export const LOOP_LOOKS = 100
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** @param options.process false leaves out memory, CPU and event loop of this process (tests) */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (options.process !== false)
    collectDefaultMetrics({ register: registry, prefix: 'andon_', eventLoopMonitoringPrecision: LOOP_LOOKS })
  const base = (d: Definition) => ({
    name: `andon_${d.name}`,
    help: d.help,
    labelNames: [...(d.labels ?? [])],
    registers: [registry],
  })
  return {
    counter: definition => {
      const counter = new Counter(base(definition))
      return (by = 1, labels = {}) => counter.inc(labels, by)
    },
    gauge: definition => {
      const gauge = new Gauge(base(definition))
      return (value, labels = {}) => gauge.set(labels, value)
    },
    measured: (definition, read) => {
      new Gauge({
        ...base(definition),
        collect() {
          this.set(read())
        },
      })
    },
    histogram: definition => {
      const histogram = new Histogram({ ...base(definition), buckets: [...(definition.buckets ?? SECONDS)] })
      return (value, labels = {}) => histogram.observe(labels, value)
    },
    totals: async () => totalsOf(await registry.getMetricsAsJSON()),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

interface Told {
  readonly name: string
  readonly values: readonly { readonly value: number; readonly metricName?: string }[]
}

function totalsOf(metrics: readonly Told[]): Totals {
  const totals: Record<string, number> = {}
  for (const { name, values } of metrics)
    for (const { value, metricName = name } of values) {
      // Buckets of a histogram are no totals.
      if (metricName.endsWith('_bucket')) continue
      const key = metricName.replace(/^andon_/, '')
      totals[key] = (totals[key] ?? 0) + value
    }
  return totals
}
