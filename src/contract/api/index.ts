import { accountRoutes } from './account.ts'
import { auditRoutes } from './audit.ts'
import { backtestRoutes } from './backtests.ts'
import { backupRoutes } from './backups.ts'
import { baselineRoutes } from './baselines.ts'
import { caseCommandRoutes } from './case-commands.ts'
import { caseRoutes } from './cases.ts'
import { cockpitRoutes } from './cockpit.ts'
import { eventRoutes } from './events.ts'
import { inboxRoutes } from './inbox.ts'
import { jobRoutes } from './jobs.ts'
import { keyRoutes } from './keys.ts'
import { liveRoutes } from './live.ts'
import { nameRoutes } from './names.ts'
import { operationRoutes } from './operations.ts'
import { orderRoutes } from './orders.ts'
import { peopleRoutes } from './people.ts'
import { personalRoutes } from './personal.ts'
import { practiceRoutes } from './practice.ts'
import { ruleToolRoutes } from './rule-tools.ts'
import { ruleRoutes } from './rules.ts'
import { signInRoutes } from './sign-in.ts'
import { systemRoutes } from './system.ts'
import { tableRoutes } from './tables.ts'
import { viewRoutes } from './views.ts'

export { type AuditItem, MOST_EXPORTED } from './audit.ts'
export type { BacktestItem } from './backtests.ts'
export type { BaselineItem } from './baselines.ts'
export {
  CASE_SORTS,
  CASE_STATUSES,
  type CaseDetail,
  type CaseItem,
  type EvidenceItem,
  type FindingItem,
} from './cases.ts'
export { COCKPIT_RANGES, type Cockpit, type CockpitRange, type RowsLink } from './cockpit.ts'
export { EVENTS_BODY_LIMIT, MAX_EVENTS, MAX_WAIT } from './events.ts'
export {
  BULK_MOST,
  type BulkCommand,
  type BulkResult,
  type CaseSummary,
  DUE_GROUPS,
  type DueGroup,
  type SimilarCases,
  TIMELINE_WHO,
  type TimelineItem,
  type TimelineWho,
} from './inbox.ts'
export { JOB_KINDS, type JobItem, type JobStatus } from './jobs.ts'
export type { ApiKeyItem } from './keys.ts'
export {
  LIVE_TOPICS,
  type LiveCounts,
  type LiveEvent,
  type LiveEventData,
  type LiveEventName,
  type LiveFactItem,
  type LiveTopic,
  liveEvents,
} from './live.ts'
export type { FeedItem, QuarantineItem, UnmatchedItem } from './operations.ts'
export type { LedgerItem, OrderDetail, OrderItem, OrderOutlook } from './orders.ts'
export type { PersonItem, RoleItem } from './people.ts'
export { type ErasureItem, type PersonAsked, REVEALED, type RetentionItem } from './personal.ts'
export type { Practice, PracticeIncidentItem, PracticeShop } from './practice.ts'
export {
  ANYWHERE,
  BEHIND_THE_DOOR,
  isProblemName,
  PROBLEM_MEDIA_TYPE,
  PROBLEMS,
  type ProblemName,
  problemInChinese,
  problemKind,
  problemType,
} from './problems.ts'
export type { Answer, Asked, Reply, Route } from './route.ts'
export { components } from './route.ts'
export type { RuleItem, RuleText, RuleVersionItem } from './rules.ts'
export { COUNT_LIMIT, MAX_PAGE, type ProblemBody, problemBody } from './shapes.ts'
export type { About, System, SystemMinute } from './system.ts'
export { TABLE_USES, type TableText, type TableVersionItem } from './tables.ts'
export { type SavedView, VIEW_PAGES } from './views.ts'

/** Every route of the API by its operation id: what the server serves, the OpenAPI document says and the console calls. */
export const routes = {
  ...eventRoutes,
  ...orderRoutes,
  ...caseRoutes,
  ...operationRoutes,
  ...jobRoutes,
  ...liveRoutes,
  ...nameRoutes,
  ...ruleRoutes,
  ...backtestRoutes,
  ...ruleToolRoutes,
  ...tableRoutes,
  ...baselineRoutes,
  ...caseCommandRoutes,
  ...inboxRoutes,
  ...cockpitRoutes,
  ...viewRoutes,
  ...auditRoutes,
  ...personalRoutes,
  ...practiceRoutes,
  ...systemRoutes,
  ...backupRoutes,
  ...signInRoutes,
  ...accountRoutes,
  ...peopleRoutes,
  ...keyRoutes,
}

export type Routes = typeof routes
export type OperationId = keyof Routes
