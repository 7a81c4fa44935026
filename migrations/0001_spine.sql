-- The spine: identity, mailbox, ledger, heads, read rows. Times are epoch milliseconds (UTC).
-- `bucket` (0..1023, from the stream id or the key) leads every primary key and every index a claim, load or write uses.

create table world (
  name text primary key,
  value text not null
);

create table node (
  id text primary key,
  seen_at bigint not null
);

-- Who owns a bucket group (by its home bucket), and until when.
create table lease (
  bucket smallint primary key,
  owner text,
  epoch bigint not null,
  expires_at bigint not null
) with (fillfactor = 50);

-- Where a group's ledger and hash chain stand. Apart from the lease, so that renewing never waits for a step (measured:
-- in one row the two deadlock). A new owner raises the epoch here first; a former one then matches no row.
create table position (
  bucket smallint primary key,
  epoch bigint not null,
  next_pos bigint not null,
  chain_n bigint not null,
  chain_hash bytea not null
) with (fillfactor = 50);

create table reference (
  kind text not null,
  id text not null,
  version integer not null,
  active_from bigint not null,
  hash bytea not null,
  body json not null,
  primary key (kind, id, version)
);

create table key (
  bucket smallint not null,
  kind text not null,
  value text not null,
  stream text not null,
  primary key (bucket, kind, value)
);

create table salt (
  bucket smallint not null,
  stream text not null,
  salt bytea not null,
  primary key (bucket, stream)
);

-- Digest of (source, id) -> digest of the body: the same id with another body is a conflict, not a duplicate.
create table seen (
  bucket smallint not null,
  digest bytea not null,
  body_hash bytea not null,
  at bigint not null,
  primary key (bucket, digest)
);

-- Messages whose key nobody knows yet. `main` is true on the row that carries the message, false on its other keys.
create table unmatched (
  bucket smallint not null,
  kind text not null,
  value text not null,
  id text not null,
  main boolean not null,
  keys json not null,
  feed text not null,
  type text not null,
  v smallint not null,
  actor text not null,
  occurred_at bigint not null,
  recorded_at bigint not null,
  known_at bigint not null,
  historical boolean not null,
  until bigint not null,
  body json,
  primary key (bucket, kind, value, id)
);

-- The mailbox: messages of one class for one bucket group that arrived together share a row, at the group's home bucket
-- (measured: a row per message costs more than everything else that a step writes for it). `n` counts what is left in it.
create table intake (
  bucket smallint not null,
  class smallint not null,
  id text not null,
  n smallint not null,
  body json not null,
  primary key (bucket, class, id)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, toast_tuple_target = 8160);

-- Short-lived: never worth compressing.
alter table intake alter column body set storage external;

create table ledger (
  bucket smallint not null,
  recorded_month integer not null,
  stream text not null,
  seq integer not null,
  pos bigint not null,
  type text not null,
  v smallint not null,
  actor text not null,
  cause text,
  occurred_at bigint not null,
  recorded_at bigint not null,
  known_at bigint not null,
  body json not null,
  primary key (bucket, recorded_month, stream, seq)
) partition by range (recorded_month);

-- Followers and the chain read a group's rows by position.
create index ledger_pos on ledger ((bucket / 32), pos);

-- `timer_at` is indexed and lazy: it is never later than `wake_at` but may be earlier, so that moving a deadline later
-- leaves the index alone (the timer then fires early, sees the later deadline and re-arms).
create table head (
  bucket smallint not null,
  stream text not null,
  kind text not null,
  version integer not null,
  clock bigint not null,
  wake_at bigint,
  timer_at bigint,
  born_month integer not null,
  blob_version integer not null,
  historical boolean not null,
  primary key (bucket, stream)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

create index head_timer on head (bucket, timer_at) where timer_at is not null;

create table state (
  bucket smallint not null,
  stream text not null,
  version integer not null,
  shapes json not null,
  body json not null,
  primary key (bucket, stream)
);

create table part (
  bucket smallint not null,
  stream text not null,
  kind text not null,
  part text not null,
  body json not null,
  primary key (bucket, stream, kind, part)
);

create table chain (
  bucket smallint not null,
  n bigint not null,
  pos_from bigint not null,
  pos_to bigint not null,
  at bigint not null,
  prev bytea not null,
  hash bytea not null,
  primary key (bucket, n)
);

create table outcome (
  bucket smallint not null,
  command_id text not null,
  status smallint not null,
  stream text not null,
  version integer not null,
  at bigint not null,
  request text not null,
  body json not null,
  primary key (bucket, command_id)
);

create table outbox (
  bucket smallint not null,
  id text not null,
  stream text not null,
  channel text not null,
  type text not null,
  status text not null,
  attempts smallint not null,
  next_at bigint not null,
  created_at bigint not null,
  error text,
  body json not null,
  primary key (bucket, id)
);

create index outbox_due on outbox (bucket, next_at) where status = 'waiting';

-- Input that could not take effect: refused at the door, or a row that threw or could not be written. Kept and replayable.
create table quarantine (
  bucket smallint not null,
  id text not null,
  stage text not null,
  source text not null,
  type text not null,
  stream text,
  code text not null,
  error json not null,
  at bigint not null,
  status text not null,
  row json not null,
  primary key (bucket, id)
);

create index quarantine_list on quarantine (at desc, id);

create table follower (
  name text not null,
  bucket smallint not null,
  pos bigint not null,
  primary key (name, bucket)
);

create table job (
  id text primary key,
  kind text not null,
  status text not null,
  progress json not null,
  updated_at bigint not null
);

create table order_row (
  bucket smallint not null,
  stream text not null,
  version integer not null,
  order_no text,
  channel text,
  status text not null,
  placed_at bigint,
  promise_ends_at bigint,
  handed_over_at bigint,
  delivered_at bigint,
  cancelled boolean not null,
  open boolean not null,
  currency text,
  total bigint not null,
  paid bigint not null,
  line_count integer not null,
  units integer not null,
  customer_masked text,
  region text,
  city text,
  carrier text,
  tracking_no text,
  payment_method text,
  open_cases smallint not null,
  worst_severity text,
  historical boolean not null,
  last_event_at bigint,
  updated_at bigint not null,
  primary key (bucket, stream)
) with (fillfactor = 70);

create index order_row_placed on order_row (placed_at desc nulls last, stream);
-- No index on status: it changes at every milestone and each change would touch all indexes of the row. Open orders are few.
create index order_row_open on order_row (placed_at desc nulls last, stream) where open;
create index order_row_channel on order_row (channel, placed_at desc nulls last, stream);
create index order_row_no on order_row (order_no);
create index order_row_cases on order_row (placed_at desc nulls last, stream) where open_cases > 0;

create table case_row (
  bucket smallint not null,
  stream text not null,
  case_id text not null,
  version integer not null,
  order_no text,
  channel text,
  type text not null,
  scope text not null,
  severity text not null,
  status text not null,
  holds boolean not null,
  owner text,
  rule text not null,
  rule_version integer not null,
  cause text,
  reopened integer not null,
  amount bigint,
  currency text,
  opened_at bigint not null,
  acknowledged_at bigint,
  resolved_at bigint,
  closed_at bigint,
  due_at bigint,
  updated_at bigint not null,
  primary key (bucket, stream, case_id)
);

create index case_row_opened on case_row (opened_at desc, case_id);
create index case_row_status on case_row (status, severity, opened_at desc, case_id);
create index case_row_type on case_row (type, opened_at desc, case_id);
create index case_row_owner on case_row (owner, opened_at desc, case_id) where owner is not null;
create index case_row_id on case_row (case_id);

create table finding_row (
  bucket smallint not null,
  stream text not null,
  finding text not null,
  rule text not null,
  rule_version integer not null,
  type text not null,
  severity text not null,
  holds boolean not null,
  raised_at bigint not null,
  cleared_at bigint,
  evidence json not null,
  primary key (bucket, stream, finding)
);

create index finding_row_raised on finding_row (raised_at desc, stream, finding);

-- Written by the follower `project`.
create table search_row (
  bucket smallint not null,
  stream text not null,
  grams text[] not null,
  primary key (bucket, stream)
);

create index search_row_grams on search_row using gin (grams);

create table rollup_day (
  bucket smallint not null,
  day integer not null,
  measure text not null,
  dimension text not null,
  n bigint not null,
  amount bigint not null,
  primary key (bucket, day, measure, dimension)
) with (fillfactor = 70);

create table story (
  bucket smallint not null,
  stream text not null,
  placed_at bigint,
  ended_at bigint not null,
  version integer not null,
  body bytea not null,
  primary key (bucket, stream)
);
