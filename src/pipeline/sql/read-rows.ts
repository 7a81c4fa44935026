/** Read rows are whole rows: the newest version wins, an older one (a slow rebuild) changes nothing. */

export const WRITE_ORDER_ROWS = `
insert into order_row as t (bucket, stream, version, order_no, channel, status, placed_at, promise_ends_at, handed_over_at,
  delivered_at, cancelled, open, currency, total, paid, line_count, units, customer_masked, region, city, carrier, tracking_no,
  warehouses, payment_method, open_cases, worst_severity, historical, last_event_at, updated_at, nodes,
  stage, stage_since, touched, erased)
select x.b, x.s, x.v, x.order_no, x.channel, x.status, x.placed_at, x.promise_ends_at, x.handed_over_at, x.delivered_at,
  x.cancelled, x.open, x.currency, x.total, x.paid, x.line_count, x.units, x.customer_masked, x.region, x.city, x.carrier,
  x.tracking_no, x.warehouses, x.payment_method, x.open_cases, x.worst_severity, x.historical, x.last_event_at, x.updated_at,
  x.nodes, x.stage, x.stage_since, x.touched, coalesce(x.erased, false)
from json_to_recordset($1) as x(b smallint, s text, v integer, order_no text, channel text, status text, placed_at bigint,
  promise_ends_at bigint, handed_over_at bigint, delivered_at bigint, cancelled boolean, open boolean, currency text, total bigint,
  paid bigint, line_count integer, units integer, customer_masked text, region text, city text, carrier text,
  tracking_no text, warehouses text[], payment_method text, open_cases smallint, worst_severity text, historical boolean,
  last_event_at bigint, updated_at bigint, nodes json, stage text, stage_since bigint, touched boolean, erased boolean)
on conflict (bucket, stream) do update set version = excluded.version, order_no = excluded.order_no,
  channel = excluded.channel, status = excluded.status, placed_at = excluded.placed_at,
  promise_ends_at = excluded.promise_ends_at, handed_over_at = excluded.handed_over_at,
  delivered_at = excluded.delivered_at, cancelled = excluded.cancelled, open = excluded.open, currency = excluded.currency,
  total = excluded.total, paid = excluded.paid, line_count = excluded.line_count, units = excluded.units,
  customer_masked = excluded.customer_masked, region = excluded.region, city = excluded.city, carrier = excluded.carrier,
  tracking_no = excluded.tracking_no, warehouses = excluded.warehouses, payment_method = excluded.payment_method, open_cases = excluded.open_cases,
  worst_severity = excluded.worst_severity, historical = excluded.historical, last_event_at = excluded.last_event_at,
  updated_at = excluded.updated_at, nodes = excluded.nodes, stage = excluded.stage, stage_since = excluded.stage_since,
  touched = excluded.touched, erased = excluded.erased
where t.version <= excluded.version`

/** Most events move an order on and change nothing else of its row: half the columns, and no conflict to look for. */
export const MOVE_ORDER_ROWS = `
update order_row as t set version = x.v, status = x.st, open = x.op, handed_over_at = x.ho, delivered_at = x.de, paid = x.pa,
  carrier = x.ca, tracking_no = x.tr, open_cases = x.oc, worst_severity = x.ws, historical = x.hi, last_event_at = x.le,
  updated_at = x.ua, nodes = x.nd, stage = x.sg, stage_since = x.ss, touched = x.tc
from json_to_recordset($1) as x(b smallint, s text, v integer, st text, op boolean, ho bigint, de bigint, pa bigint, ca text,
  tr text, oc smallint, ws text, hi boolean, le bigint, ua bigint, nd json, sg text, ss bigint, tc boolean)
where t.bucket = x.b and t.stream = x.s and t.version <= x.v`

export const WRITE_CASE_ROWS = `
insert into case_row as t (bucket, stream, case_id, version, order_no, channel, type, scope, severity, status, holds, owner,
  rule, rule_version, cause, reopened, amount, currency, opened_at, acknowledged_at, resolved_at, closed_at, due_at,
  updated_at, region, waiting_for, waiting_since, waiting_until, snoozed_until, budget, paused, promise_ends_at, over,
  ended_at)
select x.b, x.s, x.case_id, x.v, x.order_no, x.channel, x.type, x.scope, x.severity, x.status, x.holds, x.owner, x.rule,
  x.rule_version, x.cause, x.reopened, x.amount, x.currency, x.opened_at, x.acknowledged_at, x.resolved_at, x.closed_at,
  x.due_at, x.updated_at, x.region, x.waiting_for, x.waiting_since, x.waiting_until, x.snoozed_until, x.budget, x.paused,
  x.promise_ends_at, x.over, x.ended_at
from json_to_recordset($1) as x(b smallint, s text, case_id text, v integer, order_no text, channel text, type text,
  scope text, severity text, status text, holds boolean, owner text, rule text, rule_version integer, cause text,
  reopened integer, amount bigint, currency text, opened_at bigint, acknowledged_at bigint, resolved_at bigint,
  closed_at bigint, due_at bigint, updated_at bigint, region text, waiting_for text, waiting_since bigint,
  waiting_until bigint, snoozed_until bigint, budget bigint, paused bigint, promise_ends_at bigint, over boolean,
  ended_at bigint)
on conflict (bucket, stream, case_id) do update set version = excluded.version, order_no = excluded.order_no,
  channel = excluded.channel, severity = excluded.severity, status = excluded.status, holds = excluded.holds,
  owner = excluded.owner, rule = excluded.rule, rule_version = excluded.rule_version, cause = excluded.cause,
  reopened = excluded.reopened, amount = excluded.amount, currency = excluded.currency,
  acknowledged_at = excluded.acknowledged_at, resolved_at = excluded.resolved_at, closed_at = excluded.closed_at,
  due_at = excluded.due_at, updated_at = excluded.updated_at, region = excluded.region,
  waiting_for = excluded.waiting_for, waiting_since = excluded.waiting_since, waiting_until = excluded.waiting_until,
  snoozed_until = excluded.snoozed_until, budget = excluded.budget, paused = excluded.paused,
  promise_ends_at = excluded.promise_ends_at, over = excluded.over, ended_at = excluded.ended_at
where t.version <= excluded.version`

export const WRITE_FINDING_ROWS = `
insert into finding_row (bucket, stream, finding, rule, rule_version, type, severity, holds, raised_at, cleared_at, evidence)
select x.b, x.s, x.finding, x.rule, x.rule_version, x.type, x.severity, x.holds, x.raised_at, x.cleared_at, x.evidence
from json_to_recordset($1) as x(b smallint, s text, finding text, rule text, rule_version integer, type text,
  severity text, holds boolean, raised_at bigint, cleared_at bigint, evidence json)
on conflict (bucket, stream, finding) do update set rule_version = excluded.rule_version, severity = excluded.severity,
  holds = excluded.holds, raised_at = excluded.raised_at, cleared_at = excluded.cleared_at, evidence = excluded.evidence`
