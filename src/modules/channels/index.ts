export {
  type Beat,
  FEED_PART,
  FEED_SLICE,
  type FeedState,
  feedReactor,
  KEEPS_MOST,
  keepsUntilOf,
  SETTLING,
} from './core-feed.ts'
export { accountTable } from './core-report.ts'
export { gapAt, isLearned } from './core-rhythm.ts'
export { windowsOf } from './core-windows.ts'
export {
  type Merge,
  OLIST_SOURCE,
  type OlistFolder,
  type OlistOrder,
  olistEvents,
  openOlist,
  readOlist,
} from './olist/index.ts'
export {
  ChannelError,
  type ChannelEvent,
  type FileAccount,
  type RawEvent,
  type Report,
  type ReportCode,
  type RowRef,
} from './types.ts'
