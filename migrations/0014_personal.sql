-- Erasure and retention of personal data.

-- A salt that was destroyed leaves its row: what it sealed is erased, and nothing personal is sealed under its name again.
-- `made_at` tells what is old enough to be looked at.
alter table salt alter column salt drop not null;
alter table salt add column made_at bigint;
alter table salt add column erased_at bigint;
create index salt_kept on salt (bucket, made_at, stream) where salt is not null;

-- The personal data of the order was erased; what is not known is not erased.
alter table order_row add column erased boolean not null default false;

-- The register of erasures: keyed digests of what the person gave, so that a restored database can be erased again.
create table erasure (
  id text primary key,
  at bigint not null,
  actor text not null,
  reason text not null,
  tokens text[] not null,
  status text not null,
  erased integer not null,
  waiting integer not null,
  checked_at bigint not null,
  mac bytea not null
);

-- For how long which kind of data is kept, where that differs from what ships; null days: for ever.
create table retention (
  kind text primary key,
  days integer,
  actor text not null,
  at bigint not null
);
