-- Decision tables: what each version says, who wrote it and why. Times are epoch milliseconds.
-- Which version decides when is in `reference` (kind 'table', id the table): one row for each time one was put into force.

create table table_version (
  id text not null,
  version integer not null,
  author text not null,
  reason text not null,
  at bigint not null,
  hash bytea not null,
  body json not null,
  primary key (id, version)
);
