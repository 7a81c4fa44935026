import type { FactSchema, Label } from '../../../contract/facts.ts'
import { checkRule } from '../dialect/check.ts'
import type { Calendars } from '../dialect/scope.ts'
import type { Term } from '../dialect/term.ts'
import type { DecisionResult, TableDef } from '../types.ts'
import { type Checked, type LintFinding, messageOf } from './lint-finding.ts'
import { type Budget, type Goal, search } from './search.ts'
import { type CheckedRow, checkTable } from './table-check.ts'

/** A table that lets orders go on, or keeps them, by itself; what it is used for says how. */
export interface ActingTable {
  /** As in `table:approval`. */
  readonly id: string
  readonly def: TableDef
  /** The step that orders wait for while it does not let them go on: a type of facts. */
  readonly brings: string
  /** Of which orders it is asked, in the dialect. */
  readonly asked: string
  /** What is so at the instant at which it let one go on; null when it writes nothing that a rule could read. */
  readonly after: string | null
  lets(result: DecisionResult): boolean
}

interface Given {
  readonly schema: FactSchema
  readonly calendars: Calendars
  readonly tables: readonly ActingTable[]
  /** What all these questions may cost together: people wait for the answer. */
  readonly cost: number
  /** Whether what is called so is asked about: a rule, or a table. */
  readonly asked: (id: string) => boolean
}

/** One way in which a table lets an order go on: a row, or none of them (null). */
interface Way {
  readonly row: number | null
  readonly term: Term | null
  readonly goals: readonly Goal[]
}

interface Acting extends ActingTable {
  readonly ways: readonly Way[]
}

/** Orders that a table lets go and a rule stops at the same instant, and tables that wait for each other. */
export function lintEffects(rules: readonly Checked[], given: Given): LintFinding[] {
  const acting = given.tables.flatMap((table): Acting[] => {
    const { rows, otherwise, problems } = checkTable(table.def, given.schema, given.calendars)
    return problems.length > 0 ? [] : [{ ...table, ways: waysOf(table, rows, otherwise) }]
  })
  const budget: Budget = { left: given.cost }
  const found = [...acting.flatMap(table => pingPong(table, rules, { ...given, budget })), ...circles(acting, given)]
  if (budget.left > 0) return found
  const tables = acting.map(table => table.id).filter(given.asked)
  return [...found, { ...messageOf('not_checked', []), rules: tables, example: null }]
}

function waysOf(
  { def, lets }: ActingTable,
  rows: readonly CheckedRow[],
  otherwise: CheckedRow['values'] | null,
): Way[] {
  const isLet = (values: CheckedRow['values']): boolean =>
    lets(Object.fromEntries(def.outputs.map((output, i) => [output.id, values[i] ?? null])))
  const no = ({ term }: CheckedRow): Goal => ({ term, wanted: false })
  const ways = rows.flatMap((row, i): Way[] => {
    if (!isLet(row.values)) return []
    const before = def.policy === 'first' ? rows.slice(0, i) : []
    // Of several rows that speak, one that keeps the order is the stricter one.
    const stricter = def.policy === 'collect' ? rows.filter(other => !isLet(other.values)) : []
    return [{ row: i, term: row.term, goals: [{ term: row.term, wanted: true }, ...[...before, ...stricter].map(no)] }]
  })
  return otherwise && isLet(otherwise) ? [...ways, { row: null, term: null, goals: rows.map(no) }] : ways
}

/** Rules that cannot hold without the step, and do at the very instant of it, on an order that the table lets go on. */
function pingPong(
  { id, def, brings, after, ways }: Acting,
  rules: readonly Checked[],
  { schema, calendars, asked, budget }: Given & { readonly budget: Budget },
): LintFinding[] {
  const then = after === null ? null : termOf(after, { schema, calendars })
  if (!then) return []
  return rules.flatMap(({ rule, term }) => {
    // What the clock alone brings about is not the fault of who let it go on.
    if (rule.for || term.cls !== 'K' || !needsOneOf(term, new Set([brings]), schema)) return []
    if (!asked(rule.id) && !asked(id)) return []
    const hits = ways.flatMap(({ row, goals }) => {
      const wanted = [...goals, { term: then, wanted: true }, { term, wanted: true }]
      const { example } = search(wanted, schema, { most: 5000, budget })
      return example ? [{ row, example }] : []
    })
    if (hits.length === 0) return []
    const message = messageOf('ping_pong', [def.name, rowWords(hits.map(h => h.row)), rule.name])
    return [{ ...message, rules: [id, rule.id], example: hits[0]!.example }]
  })
}

/** More rows are not named one by one. */
const NAMED_ROWS = 5

function rowWords(rows: readonly (number | null)[]): Label {
  const numbers = rows.filter(row => row !== null).map(row => row + 1)
  const [some, more] = [numbers.slice(0, NAMED_ROWS), numbers.length > NAMED_ROWS]
  const zh = [...(some.length > 0 ? [`第 ${some.join('、')} 行${more ? '等' : ''}`] : [])]
  const en = [
    ...(some.length > 0 ? [`${some.length > 1 ? 'rows' : 'row'} ${some.join(', ')}${more ? ' and more' : ''}`] : []),
  ]
  const last = rows.includes(null)
  return {
    zh: [...zh, ...(last ? ['“都不符合时”那一行'] : [])].join('和'),
    en: [...en, ...(last ? ['"when no row fits"'] : [])].join(' and '),
  }
}

/** A table waits for another when each of its ways needs a fact that only the step of the other brings. */
function circles(acting: readonly Acting[], { schema, calendars, asked }: Given): LintFinding[] {
  const waits = new Map<string, string[]>()
  for (const { id, ways } of acting) {
    const needed = acting.filter(other => ways.every(way => needsStep(way, other.brings, schema)))
    if (ways.length > 0)
      waits.set(
        id,
        needed.map(other => other.id),
      )
  }
  return cyclesIn(waits).flatMap(cycle => {
    if (!cycle.some(asked)) return []
    const within = cycle.map(id => acting.find(table => table.id === id)!)
    const names = [...within, within[0]!].map(table => table.def.name)
    const chain = { zh: names.map(n => n.zh).join(' → '), en: names.map(n => n.en).join(' → ') }
    const waiting = within.flatMap((table): Goal[] => {
      const isAsked = termOf(table.asked, { schema, calendars })
      const kept = table.ways.flatMap(({ term }) => (term ? [{ term, wanted: false }] : []))
      return [...(isAsked ? [{ term: isAsked, wanted: true }] : []), ...kept]
    })
    const { example } = search(waiting, schema)
    return [{ ...messageOf('circular_hold', [chain]), rules: cycle, example }]
  })
}

const needsStep = ({ term }: Way, brings: string, schema: FactSchema): boolean =>
  term !== null && needsOneOf(term, new Set([brings]), schema)

function termOf(text: string, { schema, calendars }: Pick<Given, 'schema' | 'calendars'>): Term | null {
  const checked = checkRule(text, schema, { calendars })
  return checked.ok ? checked.term : null
}

/** Whether the condition cannot hold without a fact that is written by nothing but these types. */
function needsOneOf(term: Term, types: ReadonlySet<string>, schema: FactSchema): boolean {
  if (term.kind === 'junction' && term.op === '&&') return term.operands.some(o => needsOneOf(o, types, schema))
  if (term.kind === 'junction') return term.operands.every(o => needsOneOf(o, types, schema))
  if (term.kind !== 'has' || term.target.kind !== 'fact') return false
  const from = schema[term.target.root]?.of[term.target.field]?.from ?? []
  return from.length > 0 && from.every(type => types.has(type))
}

/** Each circle once, by its smallest name. */
function cyclesIn(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = []
  for (const start of edges.keys()) {
    const walk = (path: readonly string[]): void => {
      for (const next of edges.get(path.at(-1)!) ?? []) {
        if (next === start) cycles.push([...path])
        else if (next > start && !path.includes(next)) walk([...path, next])
      }
    }
    walk([start])
  }
  return cycles
}
