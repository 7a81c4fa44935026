import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MINUTE } from '../../src/kernel/instant.ts'
import * as loadSql from '../../src/pipeline/sql/load.ts'
import * as rowsSql from '../../src/pipeline/sql/read-rows.ts'
import * as writeSql from '../../src/pipeline/sql/write.ts'
import type { Row, Sql } from '../../src/platform/database.ts'
import { openWorld, paid, placed } from './world.ts'

// Lanes keep their connections and plan a statement once for each. What is planned when a shop was opened yesterday must still do when
// its tables have grown.
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

const explain = (text: string): string => `explain (generic_plan, format json) ${text}`

function nodesIn(row: Row | undefined): Node[] {
  // Safe: the server's own answer.
  const [explained] = JSON.parse(String(row?.['QUERY PLAN'])) as [{ Plan: Node }]
  return nodesOf(explained.Plan)
}

const planOf = async (sql: Sql, text: string): Promise<Node[]> => nodesIn((await sql.query(explain(text))).rows[0])

const { LOAD_HEADS, LOAD_TAILS, LOAD_SALTS, READ_INTAKE, READ_TIMERS } = loadSql
const LOADS = Object.entries({ LOAD_HEADS, LOAD_TAILS, LOAD_SALTS })
// By COPY there is nothing to plan, nor for a setting.
const CHANGES = [writeSql, rowsSql]
  .flatMap(texts => Object.entries(texts))
  .filter(([, text]) => !/^\s*(copy|set) /.test(text))

/** Tables that the plan reads whole, or a bucket's share of. */
const readAtLarge = (nodes: readonly Node[]): string[] =>
  nodes
    .filter(n => /(Seq|Index|Index Only) Scan$/.test(n['Node Type']) && !/AND/.test(n['Index Cond'] ?? ''))
    .map(n => `${n['Node Type']} of ${n['Relation Name'] ?? n['Index Name']} by ${n['Index Cond'] ?? 'nothing'}`)

/** A bucket has one position. */
const BY_BUCKET = /of position_pkey by \(bucket = /

for (const [name, text] of LOADS)
  test(`${name} finds its rows by key, though it was planned while tables were small`, async () => {
    assert.deepEqual(readAtLarge(await planOf(lane, text)), [])
  })

for (const [name, text] of CHANGES)
  test(`${name}, as a step sends it, finds its rows by key, though it was planned while tables were small`, async () => {
    const [, explained] = await lane.batch([{ text: writeSql.BY_KEY }, { text: explain(text) }])
    const found = readAtLarge(nodesIn(explained!.rows[0])).filter(scan => !BY_BUCKET.test(scan))
    assert.deepEqual(found, [])
  })

for (const [name, text] of Object.entries({ READ_INTAKE, READ_TIMERS }))
  test(`${name} goes along its index to the limit and sorts nothing of a bucket`, async () => {
    const limited = (await planOf(lane, text)).find(n => n['Node Type'] === 'Limit')
    assert.match(limited!.Plans![0]!['Node Type'], /^Index (Only )?Scan$/)
  })

test('what a step sends would be read at large without its setting: the plans above are not the server’s own choice', async () => {
  const plans = await Promise.all(CHANGES.map(([, text]) => planOf(lane, text)))
  assert.ok(plans.flatMap(readAtLarge).some(scan => scan === 'Index Scan of intake by nothing'))
})
