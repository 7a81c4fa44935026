import type { JobStatus } from '../../contract/api/index.ts'
import type { AuditOutcome } from '../../contract/audit.ts'
import type { OrderStatus, PaymentMethod } from '../../contract/events/index.ts'
import type { Severity } from '../../contract/exceptions.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { CaseStatus } from '../../modules/cases/index.ts'

/** The read tables as lists see them; see `migrations/`. Times are epoch ms, amounts minor units. */
export interface Tables {
  order_row: OrderRowTable
  case_row: CaseRowTable
  finding_row: FindingRowTable
  search_row: { bucket: number; stream: string; grams: string[] }
  quarantine: QuarantineTable
  job: JobTable
  audit: AuditTable
  act_row: ActRowTable
}

export interface OrderRowTable {
  bucket: number
  stream: string
  version: number
  order_no: string
  channel: string
  status: OrderStatus
  placed_at: Instant | null
  promise_ends_at: Instant | null
  handed_over_at: Instant | null
  delivered_at: Instant | null
  cancelled: boolean
  open: boolean
  currency: string | null
  total: number
  paid: number
  line_count: number
  units: number
  customer_masked: string | null
  erased: boolean
  region: string | null
  city: string | null
  carrier: string | null
  tracking_no: string | null
  /** That any message of it named; null for none. */
  warehouses: string[] | null
  payment_method: PaymentMethod | null
  open_cases: number
  worst_severity: Severity | null
  historical: boolean
  last_event_at: Instant
  updated_at: Instant
  /** JSON text: epoch ms by node. */
  nodes: string | null
  stage: string | null
  stage_since: Instant | null
  touched: boolean
}

export interface CaseRowTable {
  bucket: number
  stream: string
  case_id: string
  version: number
  order_no: string | null
  channel: string | null
  type: string
  scope: string
  severity: Severity
  status: CaseStatus
  holds: boolean
  owner: string | null
  rule: string
  rule_version: number
  cause: string | null
  reopened: number
  amount: number | null
  currency: string | null
  opened_at: Instant
  acknowledged_at: Instant | null
  resolved_at: Instant | null
  closed_at: Instant | null
  due_at: Instant | null
  updated_at: Instant
  region: string | null
  waiting_for: string | null
  waiting_since: Instant | null
  waiting_until: Instant | null
  snoozed_until: Instant | null
  budget: number | null
  paused: number
  promise_ends_at: Instant | null
  over: boolean
  ended_at: Instant | null
}

export interface FindingRowTable {
  bucket: number
  stream: string
  finding: string
  rule: string
  rule_version: number
  type: string
  severity: Severity
  holds: boolean
  raised_at: Instant
  cleared_at: Instant | null
  /** JSON text. */
  evidence: string
}

export interface QuarantineTable {
  bucket: number
  id: string
  stage: string
  source: string
  type: string
  stream: string | null
  code: string
  /** JSON text. */
  error: string
  at: Instant
  status: string
  /** JSON text. */
  row: string
}

/** Its JSON columns are text. */
export interface JobTable {
  id: string
  kind: string
  status: JobStatus
  actor: string
  node: string | null
  params: string
  progress: string
  result: string | null
  error: string | null
  cancelling: boolean
  created_at: Instant
  updated_at: Instant
  ended_at: Instant | null
}

export interface AuditTable {
  bucket: number
  id: string
  pos: number | null
  at: Instant
  actor: string
  behalf: string | null
  address: string | null
  agent: string | null
  verb: string
  subject_kind: string | null
  subject_id: string | null
  outcome: AuditOutcome
  code: string | null
  request: string | null
  times: number
  /** JSON text. */
  detail: string
}

/** What people and keys did on streams. */
export interface ActRowTable {
  bucket: number
  stream: string
  seq: number
  at: Instant
  actor: string
  behalf: string | null
  verb: string
  outcome: string
  code: string | null
  request: string | null
}
