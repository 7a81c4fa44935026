import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CATALOGUE_QUERIES, type Catalogue, catalogueProblems } from '../support/sql-catalogue.ts'
import { lintSql } from '../support/sql-lint.ts'

const SOUND: Catalogue = {
  tables: [
    { table: 'head', bucket: 'smallint' },
    { table: 'job', bucket: '' },
  ],
  indexes: [
    { table: 'head', name: 'head_pkey', unique: true, columns: ['bucket', 'stream'] },
    { table: 'ledger', name: 'ledger_pos', unique: false, columns: ['(bucket / 32)', 'pos'] },
    { table: 'order_row', name: 'order_row_no', unique: false, columns: ['order_no'] },
    { table: 'job', name: 'job_pkey', unique: true, columns: ['id'] },
  ],
  foreignKeys: [
    { table: 'part', name: 'part_head', to: 'head', columns: ['bucket', 'stream'] },
    { table: 'part', name: 'part_reference', to: 'reference', columns: ['kind'] },
  ],
  triggers: [],
  sequences: [],
  defaults: [],
}

const PLANTED: [code: string, part: Partial<Catalogue>][] = [
  ['table_unknown', { tables: [{ table: 'invoice', bucket: 'smallint' }] }],
  ['bucket_column', { tables: [{ table: 'head', bucket: '' }] }],
  ['bucket_column', { tables: [{ table: 'head', bucket: 'integer' }] }],
  ['bucket_column', { tables: [{ table: 'order_row', bucket: 'smallint null' }] }],
  ['key_without_bucket', { indexes: [{ table: 'head', name: 'x', unique: true, columns: ['stream', 'bucket'] }] }],
  ['key_without_bucket', { indexes: [{ table: 'head', name: 'x', unique: true, columns: ['(bucket / 32)'] }] }],
  ['key_without_bucket', { indexes: [{ table: 'case_row', name: 'x', unique: true, columns: ['case_id'] }] }],
  ['index_without_bucket', { indexes: [{ table: 'outbox', name: 'x', unique: false, columns: ['next_at'] }] }],
  ['foreign_key_between_groups', { foreignKeys: [{ table: 'part', name: 'x', to: 'head', columns: ['stream'] }] }],
  ['trigger', { triggers: [{ table: 'job', name: 'x' }] }],
  ['sequence', { sequences: [{ name: 'job_id_seq' }] }],
  ['default_calls', { defaults: [{ table: 'job', column: 'at', expression: 'now()' }] }],
]

test('a sound catalogue has no problems', () => assert.deepEqual(catalogueProblems(SOUND), []))

for (const [code, part] of PLANTED)
  test(`a planted ${code} is caught: ${JSON.stringify(part)}`, () => {
    assert.deepEqual(
      catalogueProblems({ ...SOUND, ...part }).map(p => p.code),
      [code],
    )
  })

test('the catalogue queries are sound statements themselves', () => {
  for (const text of Object.values(CATALOGUE_QUERIES)) assert.deepEqual(lintSql(text), [])
})
