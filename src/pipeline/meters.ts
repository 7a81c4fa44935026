import type { Metrics } from '../platform/metrics.ts'
import type { StepResult } from './step.ts'

export interface LaneMeters {
  /** A step begins; what it returns is called at its end. In real time, which no practice world moves. */
  step(): () => void
  committed(result: StepResult): void
}

/** The pipeline's figures for Prometheus. Labels are few and fixed: never an id. */
export function makeLaneMeters(
  metrics: Metrics,
  read: { depth(): number; owned(): number; realNow(): number },
): LaneMeters {
  metrics.measured({ name: 'intake_depth', help: 'Rows that wait in the lanes of this node' }, read.depth)
  metrics.measured({ name: 'groups_owned', help: 'Bucket groups that this node owns' }, read.owned)
  const steps = metrics.counter({ name: 'steps_total', help: 'Committed steps' })
  const facts = metrics.counter({ name: 'facts_total', help: 'Facts written to the ledger' })
  const cases = metrics.counter({ name: 'cases_opened_total', help: 'Cases opened' })
  const quarantined = metrics.counter({ name: 'quarantined_total', help: 'Rows that could not take effect' })
  const seconds = metrics.histogram({ name: 'step_seconds', help: 'Duration of a step: load, decide, write' })
  return {
    step: () => {
      const started = read.realNow()
      return () => seconds((read.realNow() - started) / 1000)
    },
    committed: ({ decisions, quarantined: bad }) => {
      steps()
      facts(decisions.reduce((sum, d) => sum + d.facts.length, 0))
      const opened = decisions.reduce((sum, d) => sum + d.facts.filter(f => f.type === 'case.opened').length, 0)
      if (opened > 0) cases(opened)
      if (bad.length > 0) quarantined(bad.length)
    },
  }
}
