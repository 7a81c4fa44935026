import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MINUTE } from '../../src/kernel/instant.ts'
import * as ingressSql from '../../src/pipeline/sql/ingress.ts'
import * as loadSql from '../../src/pipeline/sql/load.ts'
import * as rowsSql from '../../src/pipeline/sql/read-rows.ts'
import * as writeSql from '../../src/pipeline/sql/write.ts'
import type { Sql } from '../../src/platform/database.ts'
import { openWorld, paid, placed } from './world.ts'

// Lanes and ingress keep their connections and plan a statement once for each. What is planned when a shop was opened yesterday must
// still do when its tables have grown.
const world = await openWorld()
const YESTERDAY = 60
for (const event of [placed, paid])
  await world.tell(...Array.from({ length: YESTERDAY }, (_, i) => event(`plan-${i}`, world.clock.now() - i * MINUTE)))
// As the server does by itself a minute later; the mailbox is empty again by then.
await world.look.query('vacuum analyze')
const lane = await world.look.dedicated({ pipeline: true, prepare: true })
after(() => lane.end())

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly Node[]
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

async function planOf(sql: Sql, text: string): Promise<Node[]> {
  const { rows } = await sql.query<{ 'QUERY PLAN': string }>(`explain (generic_plan, format json) ${text}`)
  const [explained] = JSON.parse(rows[0]!['QUERY PLAN']) as [{ Plan: Node }]
  return nodesOf(explained.Plan)
}

// Asked over the pool, each time with a new plan: they read ranges, or whatever waits.
const ELSEWHERE = new Set<string>([
  ...[loadSql.READ_INTAKE, loadSql.READ_TIMERS, ingressSql.FIND_ALL_MATCHED, ingressSql.FIND_MATCHED],
])
const STATEMENTS = [loadSql, ingressSql, writeSql, rowsSql]
  .flatMap(texts => Object.entries<unknown>({ ...texts }))
  .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  .filter(([, text]) => !/^\s*copy /.test(text) && !ELSEWHERE.has(text))

/** Tables that the plan reads whole, or a bucket's share of. */
const readAtLarge = (nodes: readonly Node[]): string[] =>
  nodes
    .filter(n => /(Seq|Index|Index Only) Scan$/.test(n['Node Type']) && !/AND/.test(n['Index Cond'] ?? ''))
    .map(n => `${n['Node Type']} of ${n['Relation Name'] ?? n['Index Name']} by ${n['Index Cond'] ?? 'nothing'}`)

/** A bucket has one position. */
const BY_BUCKET = /of position_pkey by \(bucket = /

for (const [name, text] of STATEMENTS)
  test(`${name} finds its rows by key, though it was planned while tables were small`, async () => {
    const found = readAtLarge(await planOf(lane, text)).filter(scan => !BY_BUCKET.test(scan))
    assert.deepEqual(found, [])
  })

test('other connections would read whole tables: the plans above are not the server’s own choice', async () => {
  const plans = await Promise.all(STATEMENTS.map(([, text]) => planOf(world.look, text)))
  assert.ok(plans.flatMap(readAtLarge).some(scan => scan.startsWith('Seq Scan')))
})
