-- What people and keys did on streams, as the ledger tells it: written by the follower `project`, so that the search of the
-- audit trail finds it. The ledger row is the record; this one can be made again from it.
create table act_row (
  bucket smallint not null,
  stream text not null,
  seq integer not null,
  at bigint not null,
  actor text not null,
  behalf text,
  verb text not null,
  outcome text not null,
  code text,
  request text,
  primary key (bucket, stream, seq)
);

create index act_row_at on act_row (at desc, stream, seq);
create index act_row_actor on act_row (actor, at desc, stream, seq);
create index act_row_behalf on act_row (behalf, at desc, stream, seq) where behalf is not null;
create index act_row_verb on act_row (verb, at desc, stream, seq);
create index act_row_stream on act_row (stream, at desc, seq);

create index audit_behalf on audit (bucket, behalf, at desc, id desc) where behalf is not null;
