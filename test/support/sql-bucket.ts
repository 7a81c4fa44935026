import { inside, namesIn, type Tree, textIn, treesIn, walk } from './sql-tree.ts'

/** A table in the FROM, USING or target of one statement, by the name under which the statement speaks of it. */
export interface TableUse {
  readonly alias: string
  readonly table: string
  readonly schema: string
}

/** One level of a statement: its tables and the conditions that hold for all its rows. */
export interface Level {
  readonly tables: readonly TableUse[]
  /** Names in FROM that are no tables: functions, subselects. */
  readonly sources: readonly string[]
  readonly conditions: readonly Tree[]
  readonly usingPairs: readonly [left: readonly string[], right: readonly string[]][]
}

export function levelOf({
  target,
  from,
  where,
}: {
  target: Tree | null
  from: readonly Tree[]
  where: Tree | null
}): Level {
  const level = {
    tables: [] as TableUse[],
    sources: [] as string[],
    conditions: [] as Tree[],
    usingPairs: [] as [string[], string[]][],
  }
  if (target) level.tables.push(tableUse(target))
  for (const item of from) addSource(level, item)
  if (where) level.conditions.push(where)
  return level
}

type Growing = { tables: TableUse[]; sources: string[]; conditions: Tree[]; usingPairs: [string[], string[]][] }

/** Adds one item of FROM; returns the names that it brings. */
function addSource(level: Growing, item: Tree): string[] {
  const range = inside(item, 'RangeVar')
  if (range) {
    const use = tableUse(range)
    level.tables.push(use)
    return [use.alias]
  }
  const join = inside(item, 'JoinExpr')
  if (join) {
    const left = addSource(level, inside(join, 'larg') ?? {})
    const right = addSource(level, inside(join, 'rarg') ?? {})
    const quals = inside(join, 'quals')
    if (quals) level.conditions.push(quals)
    if (namesIn(join, 'usingClause').includes('bucket')) level.usingPairs.push([left, right])
    return [...left, ...right]
  }
  const alias = Object.values(item).map(node => textIn(inside(isTree(node) ? node : null, 'alias'), 'aliasname'))
  level.sources.push(...alias)
  return alias
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null

function tableUse(range: Tree): TableUse {
  const table = textIn(range, 'relname')
  return { table, schema: textIn(range, 'schemaname'), alias: textIn(inside(range, 'alias'), 'aliasname') || table }
}

/**
 * The tables of a level whose rows are limited to named buckets: their bucket is compared with a value, with a column from
 * outside of this level or of a source that is no split table, or with the bucket of a table that is limited already.
 */
export function boundAliases(level: Level, isSplit: (use: TableUse) => boolean): Set<string> {
  const split = new Set(level.tables.filter(isSplit).map(use => use.alias))
  const bound = new Set<string>()
  const links: [string, string][] = []
  const note = (names: readonly string[]): void => {
    const ours = names.flatMap(name => (name === '' ? [...split] : split.has(name) ? [name] : []))
    const [first, second, third] = ours
    const onlyLinks = ours.length === names.length && first !== second && second !== undefined && third === undefined
    if (onlyLinks && first !== undefined && !names.includes('')) links.push([first, second])
    else for (const name of ours) bound.add(name)
  }
  for (const condition of level.conditions) for (const names of comparedBuckets(condition)) note(names)
  for (const [left, right] of level.usingPairs) for (const a of left) for (const b of right) note([a, b])
  return closed(bound, links)
}

function closed(bound: Set<string>, links: readonly [string, string][]): Set<string> {
  for (let grew = true; grew; ) {
    grew = false
    for (const [a, b] of links)
      if (bound.has(a) !== bound.has(b)) {
        bound.add(a).add(b)
        grew = true
      }
  }
  return bound
}

// What holds for all rows: every side of an AND; of an OR nothing, unless each of its sides names the same buckets.
function comparedBuckets(condition: Tree): string[][] {
  const bool = inside(condition, 'BoolExpr')
  if (bool) {
    const sides = treesIn(bool, 'args').map(comparedBuckets)
    if (textIn(bool, 'boolop') === 'AND_EXPR') return sides.flat()
    if (textIn(bool, 'boolop') === 'OR_EXPR')
      return (sides[0] ?? []).filter(n => sides.every(side => side.some(m => same(n, m))))
    return []
  }
  const comparison = inside(condition, 'A_Expr')
  const membership = inside(condition, 'SubLink')
  if (comparison && limits(comparison)) return bucketNames([comparison])
  // `(bucket, stream) in (select ...)`: what the subselect gives comes from outside of this level.
  if (membership && inside(membership, 'testexpr'))
    return bucketNames([inside(membership, 'testexpr')]).map(n => [...n, 'subselect'])
  return []
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.toSorted().join() === b.toSorted().join()

const LIMITING = new Set(['=', '<', '<=', '>', '>='])

function limits(comparison: Tree): boolean {
  const kind = textIn(comparison, 'kind')
  const operator = namesIn(comparison, 'name').at(-1) ?? ''
  if (kind === 'AEXPR_OP' || kind === 'AEXPR_OP_ANY') return LIMITING.has(operator)
  return (kind === 'AEXPR_IN' && operator === '=') || kind === 'AEXPR_BETWEEN'
}

/** The qualifiers of the buckets in one comparison (`''` for a bare `bucket`); none when it speaks of no bucket. */
function bucketNames(nodes: readonly (Tree | null)[]): string[][] {
  const names: string[] = []
  walk(nodes, (type, node) => {
    if (type === 'SelectStmt') return false
    if (type !== 'ColumnRef') return true
    const path = namesIn(node, 'fields')
    if (path.at(-1) === 'bucket') names.push(path.at(-2) ?? '')
    return true
  })
  return names.length > 0 ? [names] : []
}
