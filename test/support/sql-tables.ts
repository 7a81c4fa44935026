/** What the SQL lint and the catalogue check know about our tables. A table that is on no list is a problem by itself. */
export interface SqlKnowledge {
  /** Split by bucket: every statement names the bucket. */
  readonly hot: ReadonlySet<string>
  /** Split by bucket, but lists and projections read them across buckets through secondary indexes. Writes name the bucket. */
  readonly listed: ReadonlySet<string>
  /** Small and whole on each node: no bucket needed. */
  readonly small: ReadonlySet<string>
}

export type TableClass = 'hot' | 'listed' | 'small' | 'system' | 'unknown'

export const TABLES: SqlKnowledge = {
  hot: new Set([
    'audit',
    'audit_head',
    'audit_link',
    'chain',
    'counted',
    'head',
    'intake',
    'key',
    'lease',
    'ledger',
    'outbox',
    'outcome',
    'part',
    'position',
    'salt',
    'seen',
    'state',
    'story',
    'unmatched',
  ]),
  // People page through quarantine by time, as through the read rows.
  listed: new Set([
    'act_row',
    'case_row',
    'finding_row',
    'order_row',
    'quarantine',
    'rollup',
    'search_row',
    'shadow_row',
    'stay_row',
  ]),
  small: new Set([
    'backtest_hit',
    'erasure',
    'follower',
    'job',
    'migration',
    'node',
    'reference',
    'retention',
    'rule_version',
    'saved_view',
    'table_version',
    'world',
    // Who may come in, and what they may do.
    ...['person', 'account', 'session', 'two_factor', 'verification', 'ticket', 'used_code', 'throttle'],
    ...['role', 'assignment', 'api_key', 'api_secret', 'api_use'],
  ]),
}

/** The tables, in the words of the architecture, on which a statement has to name the bucket. */
export const hotTables: ReadonlySet<string> = TABLES.hot
export const readTables: ReadonlySet<string> = TABLES.listed
export const referenceTables: ReadonlySet<string> = TABLES.small

/** `ledger_2026_11`, `ledger_24311`, `ledger_default` and `rollup_day` count as what they are part of. */
export function classOf(table: string, known: SqlKnowledge, schema = ''): TableClass {
  if (schema === 'pg_catalog' || schema === 'information_schema' || table.startsWith('pg_')) return 'system'
  const names = [table, table.replace(/(_(p?\d+|default))+$/, ''), table.startsWith('rollup_') ? 'rollup' : table]
  for (const name of names) {
    if (known.hot.has(name)) return 'hot'
    if (known.listed.has(name)) return 'listed'
    if (known.small.has(name)) return 'small'
  }
  return 'unknown'
}
