-- What the console needs: long jobs that people see and stop, saved views, more of a case and of an order in their lists,
-- and the roll-ups of the cockpit. Lists fill the new columns as rows change; `andon rebuild` fills all of them at once.

alter table job add column actor text not null default 'system';
alter table job add column node text;
alter table job add column params json not null default '{}';
alter table job add column result json;
alter table job add column error json;
-- Somebody asked for its end; the process that runs it looks.
alter table job add column cancelling boolean not null default false;
alter table job add column created_at bigint not null default 0;
alter table job add column ended_at bigint;

create index job_list on job (created_at desc, id);

-- Filters that people keep: their own (`owner`) or everybody's (`shared`). Few, so whole on every node.
create table saved_view (
  id text primary key,
  page text not null,
  owner text not null,
  shared boolean not null,
  name text not null,
  query json not null,
  place integer not null,
  version integer not null,
  created_at bigint not null,
  updated_at bigint not null
);

create index saved_view_page on saved_view (page, place, id);

-- `budget` and `paused` are ms: the deadline is opened_at + budget + paused, or the customer's promise when that is earlier.
alter table case_row add column region text;
alter table case_row add column waiting_for text;
alter table case_row add column waiting_since bigint;
alter table case_row add column waiting_until bigint;
alter table case_row add column snoozed_until bigint;
alter table case_row add column budget bigint;
alter table case_row add column paused bigint not null default 0;
alter table case_row add column promise_ends_at bigint;
alter table case_row add column over boolean not null default false;
-- When it was over: closed, or cleared by itself.
alter table case_row add column ended_at bigint;

update case_row set over = true, ended_at = coalesce(closed_at, resolved_at)
where bucket >= 0 and status in ('closed', 'cleared');

create index case_row_due on case_row (due_at, case_id) where not over;
create index case_row_worst on case_row (severity, due_at, case_id) where not over;
create index case_row_money on case_row (amount desc nulls last, case_id) where not over;
create index case_row_ended on case_row (ended_at desc, case_id) where ended_at is not null;

-- When each node came about, as JSON of epoch ms; the stage is the last of them, and since when.
alter table order_row add column nodes json;
alter table order_row add column stage text;
alter table order_row add column stage_since bigint;
-- Whether a person did anything with it.
alter table order_row add column touched boolean not null default false;

create index order_row_promise on order_row (promise_ends_at desc, stream) where promise_ends_at is not null;
create index order_row_stage on order_row (stage, stage_since, stream) where open;
create index order_row_touched on order_row (placed_at desc nulls last, stream) where touched;

-- What a stream has put into the roll-ups: a change takes this away and adds what it is now.
create table counted (
  bucket smallint not null,
  stream text not null,
  cells json not null,
  primary key (bucket, stream)
) with (fillfactor = 80);

-- Hours are UTC hours since 1970. A row is of one bucket group, at its home bucket. `ms` adds up durations.
create table rollup_hour (
  bucket smallint not null,
  measure text not null,
  hour integer not null,
  channel text not null,
  dimension text not null,
  currency text not null,
  n bigint not null,
  amount bigint not null,
  ms bigint not null,
  primary key (bucket, measure, hour, channel, dimension, currency)
) with (fillfactor = 70);

create index rollup_hour_read on rollup_hour (measure, hour);

-- What stands now, over all time: cases that are not over.
create table rollup_level (
  bucket smallint not null,
  measure text not null,
  channel text not null,
  dimension text not null,
  currency text not null,
  n bigint not null,
  amount bigint not null,
  primary key (bucket, measure, channel, dimension, currency)
) with (fillfactor = 70);

-- How long orders stayed in a stage, by the hour in which they left it: a histogram with bins of a fixed ratio.
create table rollup_stay (
  bucket smallint not null,
  stage text not null,
  hour integer not null,
  channel text not null,
  bin smallint not null,
  n bigint not null,
  primary key (bucket, stage, hour, channel, bin)
) with (fillfactor = 70);

create index rollup_stay_read on rollup_stay (hour, stage);

-- The stays themselves, for as long as the heat map looks back: they list the orders behind one of its cells.
create table stay_row (
  bucket smallint not null,
  stream text not null,
  stage text not null,
  channel text not null,
  entered_at bigint not null,
  left_at bigint not null,
  primary key (bucket, stream, stage)
) with (fillfactor = 80);

create index stay_row_left on stay_row (stage, left_at, stream);
