export {
  type Baseline,
  BaselineBook,
  type BaselineVersion,
  FEWEST_SAMPLES,
  lanesOf,
  NO_BASELINES,
  withBaselines,
} from './core/baselines.ts'
export { orderStateOf, ordersReactor } from './core/reactor.ts'
export type { OrderRow } from './core/row.ts'
export { orderRow } from './core/row.ts'
export type { SequenceFault } from './core/sequence.ts'
export { SEQUENCE_FAULTS, sequenceFaults } from './core/sequence.ts'
export { deriveStatus, parcelMilestones } from './core/status.ts'
export { totalsOf } from './core/totals.ts'
export { orderFacts } from './core/values.ts'
export { orderFactSchema } from './facts.ts'
export type { OrderState, Parcel } from './types.ts'
