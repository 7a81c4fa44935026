-- The audit trail: what people and keys did that no stream's ledger tells, in one bucket and one chain.
-- A row is written unchained in the transaction of what it tells of; the sealer gives it a place (`pos`) and a link.
create table audit (
  bucket smallint not null,
  id text not null,
  pos bigint,
  at bigint not null,
  actor text not null,
  behalf text,
  address text,
  agent text,
  verb text not null,
  subject_kind text,
  subject_id text,
  outcome text not null,
  code text,
  request text,
  times integer not null,
  detail json not null,
  mac bytea not null,
  primary key (bucket, id)
);

create unique index audit_pos on audit (bucket, pos);
create index audit_waiting on audit (bucket, id) where pos is null;
create index audit_at on audit (bucket, at desc, id desc);
create index audit_actor on audit (bucket, actor, at desc, id desc);
create index audit_subject on audit (bucket, subject_kind, subject_id, at desc, id desc);
create index audit_verb on audit (bucket, verb, at desc, id desc);

create table audit_link (
  bucket smallint not null,
  n bigint not null,
  pos_from bigint not null,
  pos_to bigint not null,
  at bigint not null,
  prev bytea not null,
  hash bytea not null,
  primary key (bucket, n)
);

-- Where the chain of the audit trail stands; moved by compare-and-set, so that two sealers never both win.
create table audit_head (
  bucket smallint primary key,
  n bigint not null,
  pos bigint not null,
  hash bytea not null
);
