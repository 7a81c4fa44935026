import { boundAliases, type Level, levelOf, type TableUse } from './sql-bucket.ts'
import { definitionProblems } from './sql-lint-ddl.ts'
import { classOf, type SqlKnowledge, TABLES } from './sql-tables.ts'
import { inside, namesIn, statementsOf, type Tree, textIn, treesIn, walk } from './sql-tree.ts'

export interface SqlProblem {
  readonly code: string
  readonly message: string
}

type Add = (code: string, message: string) => void

interface Context {
  readonly known: SqlKnowledge
  /** Names that WITH gives; they hide tables. */
  readonly named: ReadonlySet<string>
  /** The text says why it reads every bucket. */
  readonly everyBucket: boolean
  readonly add: Add
}

// A read that has to see all buckets (a check, an export) says so, and why, inside its own text.
const EVERY_BUCKET = /\/\* every bucket: \S[^*]{8,}\*\//

/**
 * Holds one emitted text to the rules that let the same SQL run on one PostgreSQL and on a cluster split by bucket:
 * architecture, section 4. Pure. No problems is an empty list.
 */
export function lintSql(text: string, known: SqlKnowledge = TABLES): SqlProblem[] {
  const found = new Map<string, SqlProblem>()
  const add: Add = (code, message) => found.set(`${code} ${message}`, { code, message })
  for (const statement of parsed(text, add)) {
    const named = withNames(statement)
    for (const name of named)
      if (known.hot.has(name) || known.listed.has(name)) add('with_hides_table', `WITH ${name} hides the table ${name}`)
    const context = { known, named, everyBucket: EVERY_BUCKET.test(text), add }
    walk(statement, (type, node) => checkNode(type, node, context))
    definitionProblems(statement, known, add)
  }
  return [...found.values()]
}

function parsed(text: string, add: Add): Tree[] {
  try {
    const statements = statementsOf(text)
    if (statements.length > 1)
      add('several_statements', `${statements.length} statements in one text; send them one by one`)
    return statements
  } catch (error) {
    add('unreadable', error instanceof Error ? error.message : String(error))
    return []
  }
}

function withNames(statement: Tree): Set<string> {
  const names = new Set<string>()
  walk(statement, (type, node) => {
    if (type === 'CommonTableExpr') names.add(textIn(node, 'ctename'))
  })
  return names
}

function checkNode(type: string, node: Tree, context: Context): void {
  const { add } = context
  if (type === 'SelectStmt') checkSelect(node, context)
  if (type === 'UpdateStmt') checkUpdate(node, context)
  if (type === 'DeleteStmt') checkDelete(node, context)
  if (type === 'InsertStmt') checkInsert(node, context)
  if (type === 'CopyStmt') checkCopy(node, context)
  if (type === 'MergeStmt')
    add('merge', 'MERGE is refused by the cluster; use INSERT ... ON CONFLICT or UPDATE ... FROM')
  if (type === 'DoStmt' || type === 'CreateFunctionStmt') add('hidden_sql', 'statements inside a body escape this lint')
  if (type === 'FuncCall') checkCall(namesIn(node, 'funcname').at(-1) ?? '', add)
}

function checkCall(name: string, add: Add): void {
  if (/^pg_(try_)?advisory_/.test(name)) add('advisory_lock', `${name}: a lock is a lease row`)
  if (/^(nextval|currval|setval|lastval)$/.test(name)) add('sequence', `${name}: ids are made in Node`)
}

function checkSelect(node: Tree, context: Context): void {
  const level = levelOf({ target: null, from: treesIn(node, 'fromClause'), where: inside(node, 'whereClause') })
  const locks = treesIn(node, 'lockingClause').map(lock => inside(lock, 'LockingClause'))
  const lockedNames = new Set(
    locks.flatMap(lock => {
      const rels = treesIn(lock, 'lockedRels').map(rel => textIn(inside(rel, 'RangeVar'), 'relname'))
      return rels.length > 0 ? rels : level.tables.map(use => use.alias)
    }),
  )
  if (context.everyBucket && lockedNames.size === 0) return
  checkLevel(level, context, use => {
    if (lockedNames.has(use.alias)) return 'lock_without_bucket'
    return classIn(use, context) === 'hot' ? 'bucket_missing' : null
  })
}

function checkUpdate(node: Tree, context: Context): void {
  const set = treesIn(node, 'targetList')
  if (assigned(set).includes('bucket') && isSplit(inside(node, 'relation'), context))
    context.add('bucket_changed', 'a bucket never changes')
  checkVolatile(set, context.add)
  checkWrite(node, treesIn(node, 'fromClause'), context)
}

const checkDelete = (node: Tree, context: Context): void => checkWrite(node, treesIn(node, 'usingClause'), context)

function checkWrite(node: Tree, from: Tree[], context: Context): void {
  const target = inside(node, 'relation')
  const level = levelOf({ target, from, where: inside(node, 'whereClause') })
  const written = level.tables[0]
  checkLevel(level, context, use => (use === written || classIn(use, context) === 'hot' ? 'bucket_missing' : null))
}

function checkInsert(node: Tree, context: Context): void {
  const conflict = inside(node, 'onConflictClause')
  checkVolatile(treesIn(conflict, 'targetList'), context.add)
  const target = inside(node, 'relation')
  noteUnknown(target, context)
  if (!isSplit(target, context)) return
  const table = textIn(target, 'relname')
  if (!assigned(treesIn(node, 'cols')).includes('bucket'))
    context.add('bucket_missing', `insert into ${table} lists its columns without bucket`)
  const arbiter = treesIn(inside(conflict, 'infer'), 'indexElems').map(e => textIn(inside(e, 'IndexElem'), 'name'))
  if (arbiter.length > 0 && arbiter[0] !== 'bucket')
    context.add('bucket_missing', `on conflict of ${table} starts with ${arbiter[0]}, not with bucket`)
  if (assigned(treesIn(conflict, 'targetList')).includes('bucket'))
    context.add('bucket_changed', 'a bucket never changes')
}

function checkCopy(node: Tree, context: Context): void {
  const target = inside(node, 'relation')
  if (!target) return
  noteUnknown(target, context)
  if (!isSplit(target, context)) return
  const table = textIn(target, 'relname')
  const into = node.is_from === true
  if (into && !namesIn(node, 'attlist').includes('bucket'))
    context.add('bucket_missing', `copy into ${table} lists its columns without bucket`)
  if (!into && !context.everyBucket)
    context.add('bucket_missing', `copy of ${table}: copy a select that names the bucket`)
}

const VOLATILE =
  /^(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|random_normal|gen_random_uuid|uuidv4|uuidv7|txid_current|pg_current_xact_id)$/

function checkVolatile(set: readonly Tree[], add: Add): void {
  walk(set, (type, node) => {
    const called = type === 'FuncCall' ? (namesIn(node, 'funcname').at(-1) ?? '') : ''
    const keyword = type === 'SQLValueFunction' ? textIn(node, 'op').replace('SVFOP_', '').toLowerCase() : ''
    if (VOLATILE.test(called) || /^(current|local)(date|time)|^(current|local)_/.test(keyword))
      add('volatile_in_set', `${called || keyword} in SET: make it in Node and pass it`)
  })
}

const assigned = (targets: readonly Tree[]): string[] => targets.map(t => textIn(inside(t, 'ResTarget'), 'name'))

function checkLevel(level: Level, context: Context, codeFor: (use: TableUse) => string | null): void {
  const bound = boundAliases(level, use => ['hot', 'listed'].includes(classIn(use, context)))
  for (const use of level.tables) {
    const kind = classIn(use, context)
    if (kind === 'unknown') context.add('table_unknown', `${use.table} is on no list of test/support/sql-tables.ts`)
    const code = kind === 'hot' || kind === 'listed' ? codeFor(use) : null
    if (code !== null && !bound.has(use.alias)) context.add(code, `${use.table} without a condition on its bucket`)
  }
}

function noteUnknown(range: Tree | null, context: Context): void {
  const table = textIn(range, 'relname')
  if (classOf(table, context.known, textIn(range, 'schemaname')) === 'unknown')
    context.add('table_unknown', `${table} is on no list of test/support/sql-tables.ts`)
}

const isSplit = (range: Tree | null, { known }: Context): boolean =>
  ['hot', 'listed'].includes(classOf(textIn(range, 'relname'), known, textIn(range, 'schemaname')))

// A name that WITH gives stands for rows that were limited where they were read.
const classIn = (use: TableUse, { known, named }: Context): string =>
  use.schema === '' && named.has(use.table) ? 'system' : classOf(use.table, known, use.schema)
