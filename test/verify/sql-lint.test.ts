import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { lintSql } from '../support/sql-lint.ts'
import { classOf, TABLES } from '../support/sql-tables.ts'
import { statementsOf } from '../support/sql-tree.ts'

const codes = (text: string): string[] => lintSql(text).map(p => p.code)

const SOUND = [
  'select * from head where bucket = $1 and stream = $2',
  'select * from head where bucket = any($1) order by timer_at limit 200 for update skip locked',
  'select * from head where bucket in (1, 2)',
  'select * from ledger where bucket / 32 = $1 and pos > $2',
  'select * from ledger where bucket between $1 and $2 and pos > $3 order by pos limit 500',
  'select h.* from head h join state s on s.bucket = h.bucket and s.stream = h.stream where h.bucket = $1',
  'select h.* from head h join state s using (bucket, stream) where h.bucket = $1',
  'select h.* from json_to_recordset($1) as i(bucket smallint, stream text) join head h using (bucket, stream)',
  'select h.* from head h where (h.bucket, h.stream) in (select bucket, stream from json_to_recordset($1) as i(bucket smallint, stream text))',
  'select h.* from unnest($1::smallint[], $2::text[]) as i(bucket, stream) join head h on (h.bucket, h.stream) = (i.bucket, i.stream)',
  'select * from head where bucket = $1 and (kind = $2 or exists (select 1 from part p where p.bucket = head.bucket))',
  'select * from head where (bucket = $1 and stream = $2) or (bucket = $3 and stream = $4)'.replaceAll(/\$[34]/g, '$1'),
  'with gone as (delete from intake where bucket = $1 and id = any($2) returning *) select count(*) from gone',
  'insert into ledger (bucket, stream) select bucket, stream from json_to_recordset($1) as t(bucket smallint, stream text)',
  'insert into seen (bucket, digest) values ($1, $2) on conflict (bucket, digest) do nothing',
  'insert into head (bucket, at) values ($1, $2) on conflict (bucket, stream) do update set at = excluded.at where head.at < excluded.at',
  'update head h set version = i.v from json_to_recordset($1) as i(bucket smallint, stream text, v int) where h.bucket = i.bucket',
  'update lease set owner = $2, expires_at = $3 where bucket = $1 and epoch = $4',
  'delete from part p using json_to_recordset($1) as i(bucket smallint, stream text) where p.bucket = i.bucket',
  'copy ledger (bucket, stream) from stdin',
  'copy (select * from ledger where bucket = 5) to stdout',
  'select * from order_row where status = $1 order by placed_at desc limit 50',
  'select count(*) from quarantine',
  'select * from reference where kind = $1',
  'select bucket, pos from follower where name = $1',
  'update job set progress = $2 where id = $1',
  'select * from pg_catalog.pg_class',
  'select relname from pg_class join pg_namespace n on n.oid = relnamespace',
  'select now(), random()',
  "select pg_notify('outcome', $1)",
  'begin',
  "set local statement_timeout = '5s'",
  'create table if not exists ledger_2026_11 (like ledger including defaults including constraints)',
  'alter table ledger attach partition ledger_2026_11 for values from (24310) to (24311)',
  'create table ledger_24311 partition of ledger for values from (24311) to (24312)',
  'create index ledger_pos on ledger ((bucket / 32), pos)',
  'create index order_row_placed on order_row (placed_at desc, stream)',
  'create unique index seen_x on seen (bucket, digest)',
  'alter table part add constraint part_head foreign key (bucket, stream) references head (bucket, stream)',
  'drop table ledger_24311',
  'select * from ledger /* every bucket: the chain is checked as a whole */ order by pos',
]

const UNSOUND: [code: string, text: string][] = [
  ['bucket_missing', 'select * from head where stream = $1'],
  ['bucket_missing', 'select bucket from head'],
  ['bucket_missing', 'select * from head where bucket is not null'],
  ['bucket_missing', 'select * from head where bucket <> $1'],
  ['bucket_missing', 'select * from head where bucket = $1 or stream = $2'],
  ['bucket_missing', 'select * from head where not bucket = $1'],
  ['bucket_missing', 'select * from head order by bucket'],
  ['bucket_missing', 'select h.* from head h join state s on s.bucket = h.bucket where h.stream = $1'],
  ['bucket_missing', 'select h.* from head h join state s on s.stream = h.stream where h.bucket = $1'],
  ['bucket_missing', 'select h.* from head h join state s using (bucket, stream)'],
  ['bucket_missing', 'select 1 where exists (select 1 from head where stream = $1)'],
  ['bucket_missing', 'select * from head h where exists (select 1 from part p where p.bucket = h.bucket)'],
  ['bucket_missing', 'select bucket from head where bucket = $1 union all select bucket from state'],
  ['bucket_missing', 'with x as (select * from intake) select * from x'],
  [
    'bucket_missing',
    'with x as (select * from head where bucket = $1) select * from x join state s on s.stream = x.stream',
  ],
  ['bucket_missing', 'insert into ledger (stream) values ($1)'],
  ['bucket_missing', 'insert into ledger values ($1, $2)'],
  ['bucket_missing', 'insert into ledger (bucket, stream) select bucket, stream from intake'],
  ['bucket_missing', 'insert into seen (bucket, digest) values ($1, $2) on conflict (digest) do nothing'],
  ['bucket_missing', 'update head set version = 2 where stream = $1'],
  ['bucket_missing', 'update order_row set status = $2 where stream = $1'],
  [
    'bucket_missing',
    'update head h set version = i.v from json_to_recordset($1) as i(stream text, v int) where h.stream = i.stream',
  ],
  ['bucket_missing', 'delete from case_row where case_id = $1'],
  ['bucket_missing', 'delete from intake'],
  ['bucket_missing', 'copy ledger (stream) from stdin'],
  ['bucket_missing', 'copy ledger to stdout'],
  ['bucket_missing', 'delete from ledger /* every bucket: a write may not say so */'],
  ['bucket_missing', 'select * from ledger /* every bucket: */'],
  ['lock_without_bucket', 'select * from order_row where status = $1 for update skip locked'],
  ['lock_without_bucket', 'select * from head where timer_at < $1 for update skip locked limit 10'],
  ['lock_without_bucket', 'select * from head where timer_at < $1 for share /* every bucket: this is no excuse */'],
  ['bucket_changed', 'update head set bucket = 3 where bucket = $1'],
  [
    'bucket_changed',
    'insert into head (bucket) values ($1) on conflict (bucket) do update set bucket = excluded.bucket',
  ],
  ['volatile_in_set', 'update head set clock = now() where bucket = $1'],
  ['volatile_in_set', 'update job set at = current_timestamp where id = $1'],
  [
    'volatile_in_set',
    'insert into head (bucket) values ($1) on conflict (bucket) do update set at = clock_timestamp()',
  ],
  ['volatile_in_set', 'update head set clock = 1 + random() where bucket = $1'],
  ['volatile_in_set', 'update head set id = gen_random_uuid() where bucket = $1'],
  ['merge', 'merge into head h using (values (1)) v(b) on h.bucket = v.b when matched then do nothing'],
  ['advisory_lock', 'select pg_advisory_xact_lock(1)'],
  ['advisory_lock', 'select pg_try_advisory_lock($1)'],
  ['sequence', "select nextval('x')"],
  ['sequence', 'create sequence x'],
  ['sequence', 'create table job (id bigserial primary key)'],
  ['sequence', 'create table job (id bigint generated always as identity)'],
  ['trigger', 'create trigger t after insert on head for each row execute function f()'],
  ['hidden_sql', 'do $$ begin delete from head; end $$'],
  ['several_statements', 'select 1; select 2'],
  ['unreadable', 'selec 1'],
  ['key_without_bucket', 'create table head (bucket smallint, stream text primary key)'],
  ['key_without_bucket', 'create table order_row (bucket smallint, stream text, unique (stream, bucket))'],
  ['key_without_bucket', 'alter table head add constraint head_u unique (stream)'],
  ['index_without_bucket', 'create index head_timer on head (timer_at)'],
  ['index_without_bucket', 'create unique index order_row_no on order_row (order_no)'],
  ['foreign_key_between_groups', 'create table part (bucket smallint, stream text references head (stream))'],
  ['table_unknown', 'select * from invoice'],
  ['table_unknown', 'insert into invoice (id) values ($1)'],
  ['table_unknown', 'create table invoice (bucket smallint)'],
  ['with_hides_table', 'with head as (select 1) select * from head'],
]

for (const text of SOUND) test(`sound: ${text}`, () => assert.deepEqual(lintSql(text), []))
for (const [code, text] of UNSOUND)
  test(`${code}: ${text}`, () => assert.ok(codes(text).includes(code), `got ${codes(text)}`))

test('partitions and roll-ups count as what they are part of', () => {
  assert.equal(classOf('ledger_24311', TABLES), 'hot')
  assert.equal(classOf('ledger_2026_11', TABLES), 'hot')
  assert.equal(classOf('ledger_default', TABLES), 'hot')
  assert.equal(classOf('rollup_day', TABLES), 'listed')
  assert.equal(classOf('ledgers', TABLES), 'unknown')
})

test('every statement of every migration holds', () => {
  const folder = new URL('../../migrations/', import.meta.url)
  for (const name of readdirSync(folder).filter(file => file.endsWith('.sql'))) {
    const text = readFileSync(new URL(name, folder), 'utf8')
    assert.ok(statementsOf(text).length > 0, name)
    // A migration is sent statement by statement, so its text as a whole may hold several.
    assert.deepEqual(
      lintSql(text).filter(p => p.code !== 'several_statements'),
      [],
      name,
    )
  }
})
