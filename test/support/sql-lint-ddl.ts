import { classOf, type SqlKnowledge } from './sql-tables.ts'
import { inside, namesIn, type Tree, textIn, treesIn, walk } from './sql-tree.ts'

type Add = (code: string, message: string) => void

interface Place {
  readonly table: string
  readonly known: SqlKnowledge
  readonly add: Add
}

/** Tables, keys and indexes as a statement defines them: the same rules that the catalogue check holds afterwards. */
export function definitionProblems(statement: Tree, known: SqlKnowledge, add: Add): void {
  walk(statement, (type, node) => {
    if (type === 'CreateTrigStmt' || type === 'RuleStmt')
      add('trigger', 'the cluster has no triggers; write it in the step')
    if (type === 'CreateSeqStmt' || type === 'AlterSeqStmt') add('sequence', 'ids are made in Node')
    if (type === 'CreateStmt' || type === 'AlterTableStmt') checkTable(type, node, { known, add })
    if (type === 'IndexStmt') checkIndex(node, { table: textIn(inside(node, 'relation'), 'relname'), known, add })
  })
}

function checkTable(type: string, node: Tree, { known, add }: Omit<Place, 'table'>): void {
  const relation = inside(node, 'relation')
  const table = textIn(relation, 'relname')
  const place = { table, known, add }
  // A partition's own name only matters where nothing else says what it is part of.
  if (type === 'CreateStmt' && treesIn(node, 'inhRelations').length === 0 && classOf(table, known) === 'unknown')
    add('table_unknown', `${table} is on no list of test/support/sql-tables.ts`)
  walk(node, (inner, part) => {
    if (inner === 'ColumnDef') checkColumn(part, place)
    if (inner === 'Constraint') checkConstraint(part, '', place)
    return inner !== 'ColumnDef'
  })
}

function checkColumn(column: Tree, place: Place): void {
  const name = textIn(column, 'colname')
  const typeName = namesIn(inside(column, 'typeName'), 'names').at(-1) ?? ''
  if (/^(small|big)?serial[248]?$/.test(typeName)) place.add('sequence', `${place.table}.${name}: ids are made in Node`)
  for (const constraint of treesIn(column, 'constraints'))
    checkConstraint(inside(constraint, 'Constraint'), name, place)
}

function checkConstraint(constraint: Tree | null, column: string, { table, known, add }: Place): void {
  const kind = textIn(constraint, 'contype')
  if (kind === 'CONSTR_IDENTITY') add('sequence', `${table}.${column}: ids are made in Node`)
  const split = ['hot', 'listed'].includes(classOf(table, known))
  if (!split) return
  const keys = namesIn(constraint, 'keys')
  const first = keys[0] ?? column
  if ((kind === 'CONSTR_PRIMARY' || kind === 'CONSTR_UNIQUE') && first !== 'bucket')
    add('key_without_bucket', `${table}: a key starts with ${first}, not with bucket`)
  if (kind === 'CONSTR_FOREIGN') checkForeign(constraint, column, { table, known, add })
}

// A foreign key may stay inside a bucket or lead to a small table that every node holds.
function checkForeign(constraint: Tree | null, column: string, { table, known, add }: Place): void {
  const to = textIn(inside(constraint, 'pktable'), 'relname')
  const first = namesIn(constraint, 'fk_attrs')[0] ?? column
  if (first !== 'bucket' && classOf(to, known) !== 'small')
    add('foreign_key_between_groups', `${table} -> ${to}: another group's rows may be on another machine`)
}

function checkIndex(node: Tree, { table, known, add }: Place): void {
  const kind = classOf(table, known)
  const isUnique = node.unique === true
  if (kind === 'unknown') add('table_unknown', `${table} is on no list of test/support/sql-tables.ts`)
  if (kind !== 'hot' && !(kind === 'listed' && isUnique)) return
  const first = inside(treesIn(node, 'indexParams')[0] ?? null, 'IndexElem')
  if (textIn(first, 'name') === 'bucket' || (!isUnique && speaksOfBucket(first))) return
  add('index_without_bucket', `${textIn(node, 'idxname') || 'an index'} on ${table} does not start with bucket`)
}

// `(bucket / 32)`: rows of a group in the order of their positions.
function speaksOfBucket(element: Tree | null): boolean {
  let found = false
  walk(inside(element, 'expr'), (type, node) => {
    if (type === 'ColumnRef' && namesIn(node, 'fields').at(-1) === 'bucket') found = true
  })
  return found
}
