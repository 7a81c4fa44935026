import type { HttpDeps } from './deps.ts'
import { accountHandlers } from './handlers/account.ts'
import { auditHandlers } from './handlers/audit.ts'
import { backtestHandlers } from './handlers/backtests.ts'
import { backupHandlers } from './handlers/backups.ts'
import { baselineHandlers } from './handlers/baselines.ts'
import { caseAroundHandlers } from './handlers/case-around.ts'
import { caseBulkHandlers } from './handlers/case-bulk.ts'
import { caseSummaryHandlers } from './handlers/case-summary.ts'
import { caseHandlers } from './handlers/cases.ts'
import { cockpitHandlers } from './handlers/cockpit.ts'
import { commandHandlers } from './handlers/commands.ts'
import { eventHandlers } from './handlers/events.ts'
import { jobHandlers } from './handlers/jobs.ts'
import { keyHandlers } from './handlers/keys.ts'
import { liveHandlers } from './handlers/live.ts'
import { nameHandlers } from './handlers/names.ts'
import { operationHandlers } from './handlers/operations.ts'
import { orderHandlers } from './handlers/order.ts'
import { orderListHandlers } from './handlers/orders.ts'
import { outlookHandlers } from './handlers/outlook.ts'
import { peopleHandlers, roleHandlers } from './handlers/people.ts'
import { personalHandlers } from './handlers/personal.ts'
import { practiceHandlers } from './handlers/practice.ts'
import { retentionHandlers } from './handlers/retention.ts'
import { ruleLifeHandlers } from './handlers/rule-life.ts'
import { ruleToolHandlers } from './handlers/rule-tools.ts'
import { ruleHandlers } from './handlers/rules.ts'
import { linkHandlers, signInHandlers } from './handlers/sign-in.ts'
import { systemHandlers } from './handlers/system.ts'
import { tableHandlers } from './handlers/tables.ts'
import { viewHandlers } from './handlers/views.ts'
import type { Heard } from './heard.ts'
import type { LiveHub } from './live-hub.ts'
import type { Handlers } from './serve.ts'

/** What handlers know together. */
export interface Shared {
  /** When this process last heard of each feed. */
  readonly heard: Map<string, Heard>
  readonly hub: LiveHub
}

/** The whole API: a handler for each route of the contract. */
export function handlersOf(deps: HttpDeps, { heard, hub }: Shared): Handlers {
  return {
    ...eventHandlers(deps, heard),
    ...orderListHandlers(deps),
    ...orderHandlers(deps),
    ...outlookHandlers(deps),
    ...caseHandlers(deps),
    ...backupHandlers(deps),
    ...caseSummaryHandlers(deps),
    ...cockpitHandlers(deps, heard),
    ...caseAroundHandlers(deps),
    ...caseBulkHandlers(deps),
    ...viewHandlers(deps),
    ...commandHandlers(deps),
    ...operationHandlers(deps, heard),
    ...jobHandlers(deps),
    ...liveHandlers(hub),
    ...ruleHandlers(deps),
    ...ruleLifeHandlers(deps),
    ...backtestHandlers(deps),
    ...ruleToolHandlers(deps),
    ...nameHandlers(deps),
    ...tableHandlers(deps),
    ...baselineHandlers(deps),
    ...auditHandlers(deps),
    ...personalHandlers(deps),
    ...retentionHandlers(deps),
    ...practiceHandlers(deps),
    ...signInHandlers(deps),
    ...linkHandlers(deps),
    ...accountHandlers(deps),
    ...peopleHandlers(deps),
    ...roleHandlers(deps),
    ...keyHandlers(deps),
    ...systemHandlers(deps),
  }
}
