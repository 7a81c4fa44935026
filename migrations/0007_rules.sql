-- Rules with a life: what each version says, who wrote it and why. Times are epoch milliseconds.
-- Which version runs when is not stored here: it follows from the changes in `reference` (kind 'rules'), each one fact
-- with its own instant. A version that was never part of a change is a draft and may still be overwritten.

create table rule_version (
  rule text not null,
  version integer not null,
  -- The shipped pack that it came with, and its number there; null when people wrote it.
  pack text,
  pack_version integer,
  author text not null,
  reason text not null,
  at bigint not null,
  hash bytea not null,
  body json not null,
  primary key (rule, version)
);

-- The orders behind the figures of a back-test (a row of `job`), up to a limit that its result tells.
create table backtest_hit (
  job text not null,
  n integer not null,
  body json not null,
  primary key (job, n)
);

-- What a rule in shadow would have raised. Written by the follower `project` from the ledger, made again by a rebuild.
create table shadow_row (
  bucket smallint not null,
  stream text not null,
  rule text not null,
  rule_version integer not null,
  raised_at bigint not null,
  cleared_at bigint,
  evidence json not null,
  primary key (bucket, stream, rule, rule_version, raised_at)
);

create index shadow_row_rule on shadow_row (rule, rule_version, raised_at desc, stream);

-- The story of an ended order in the form that back-tests read; older forms are read from the ledger instead.
alter table story add column form smallint not null default 1;
