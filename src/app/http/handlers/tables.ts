import { TABLE_USES, type TableText } from '../../../contract/api/index.ts'
import type { Label } from '../../../contract/facts.ts'
import type { Principal } from '../../../contract/principal.ts'
import { DAY, isoOf } from '../../../kernel/instant.ts'
import {
  type CheckedTable,
  calendarsOf,
  checkTable,
  compileTable,
  lintTable,
  readTables,
  readTableTurns,
  rowsFromSheet,
  saidFor,
  saveTable,
  TableConflict,
  type TableDef,
  type TableProblem,
  type TableTurn,
  tableToSheet,
  turnTable,
} from '../../../modules/rules/index.ts'
import { ordersToDecide } from '../../../pipeline/queries/decisions.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import { casesToTriage } from '../../../pipeline/queries/triage.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { lintAmong } from './acting-tables.ts'
import { loadsOf } from './order.ts'
import { isoOrNull } from './orders.ts'
import { calendarsNow } from './rule-life.ts'
import { factRoots, tableBody, tableItem, tableTextOf, turnItem, USES } from './table-shape.ts'

type Reading = 'listTables' | 'getTable'
type Trying = 'checkTable' | 'pasteTable' | 'tryTable'
type Writing = 'saveTableDraft' | 'activateTable'
type Use = (typeof TABLE_USES)[number]

const TRIED = 50

export function tableHandlers(deps: HttpDeps): Pick<Handlers, Reading | Trying | Writing> {
  return { ...readingHandlers(deps), ...tryingHandlers(deps), ...writingHandlers(deps) }
}

function readingHandlers(deps: HttpDeps): Pick<Handlers, Reading> {
  const { db, pipeline } = deps
  return {
    async listTables() {
      const [stored, turns] = [await readTables(db), await readTableTurns(db)]
      const broken = new Set(pipeline.references.setAt(deps.now())?.broken ?? [])
      const items = TABLE_USES.map(id => {
        const own = stored.filter(t => t.id === id)
        const live = standing(turns, id, deps.now())
        const rows = own.find(t => t.version === live?.version)?.body.rows.length ?? 0
        const newest = own.at(-1)?.version ?? null
        return {
          id,
          label: { ...USES[id].label },
          live: live && turnItem(live),
          newest,
          rows,
          broken: broken.has(`table:${id}`),
        }
      })
      return { status: 200, body: { items } }
    },
    async getTable({ params: { id } }) {
      const stored = await readTables(db, id)
      const turns = (await readTableTurns(db)).filter(t => t.id === id)
      const live = standing(turns, id, deps.now())
      const { label, facts, outputs, starter } = USES[id]
      const body = {
        ...{ id, label: { ...label }, live: live && turnItem(live), turns: turns.map(turnItem).reverse() },
        versions: stored.map(t => tableItem(t, turns)).reverse(),
        facts: factRoots(facts),
        outputs: outputs.map(o => ({
          ...o,
          oneOf: o.oneOf && [...o.oneOf],
          label: { ...o.label },
          about: { ...o.about },
        })),
        starter,
      }
      return { status: 200, body }
    },
  }
}

function tryingHandlers(deps: HttpDeps): Pick<Handlers, Trying> {
  const { pipeline } = deps
  return {
    async checkTable({ params: { id }, body: { text } }) {
      const def = defOf(id, text)
      const checked = checkedFor(deps, id, def)
      const { problems } = checked
      const own = lintTable(def, USES[id].facts, checked)
      const set = pipeline.references.setAt(deps.now())
      const among = problems.length > 0 ? [] : lintAmong(set, def).map(found => ({ ...found, rows: [] }))
      const findings = [...own, ...among].map(({ code, level, rows, message, example }) => ({
        ...{ code, level, rows: [...rows], message: { ...message } },
        example: example && { facts: { ...example.facts }, now: isoOf(example.now) },
      }))
      const sheet = { zh: tableToSheet(def, 'zh'), en: tableToSheet(def, 'en') }
      const body = { ok: problems.length === 0, problems: problems.map(problemItem), findings, sheet }
      return { status: 200, body }
    },
    async pasteTable({ params: { id }, body: { text, sheet } }) {
      const pasted = rowsFromSheet(sheet, defOf(id, text))
      if (pasted.ok) return { status: 200, body: { text: { ...text, rows: pasted.rows.map(rowItem) } } }
      const { line, cells, wanted } = pasted
      const detail = `Line ${line} has ${cells} cells and the table ${wanted} columns: copy all of them.`
      throw new ApiProblem('table_sheet_refused', detail, { more: { line, cells, wanted } })
    },
    async tryTable({ params: { id }, body: { text } }, { principal }) {
      const def = demandAccepted(deps, id, text)
      const calendars = calendarsNow(deps)
      const table = compileTable(def, USES[id].facts, { calendars: calendarsOf(calendars) })
      const now = deps.now()
      const asked = id === 'triage' ? await casesTried(deps, principal) : await ordersTried(deps, id, principal)
      const items = asked.map(({ facts, ...c }) => {
        const { rows, values } = table.decide(facts, now)
        const told = Object.entries(saidFor(id, values)).map(([key, v]) => [key, Array.isArray(v) ? [...v] : v])
        return {
          ...c,
          rows: [...rows],
          values: Object.fromEntries(told),
          changesAt: isoOrNull(table.changesAt(facts, now)),
        }
      })
      return { status: 200, body: { items } }
    },
  }
}

const casesTried = (deps: HttpDeps, principal: Principal) =>
  casesToTriage(deps.db, loadsOf(deps), { reach: reachOf(principal, 'case.read'), limit: TRIED })

async function ordersTried({ db, pipeline, ...deps }: HttpDeps, use: Use, principal: Principal) {
  const { baselines } = pipeline.references
  const of = { use, baselines, reach: reachOf(principal, 'order.read'), limit: TRIED }
  const orders = await ordersToDecide(db, loadsOf({ db, pipeline, ...deps }), of)
  return orders.map(order => ({ ...order, case: null, type: null, now: null }))
}

function writingHandlers(deps: HttpDeps): Pick<Handlers, Writing> {
  const { db, pipeline, audit } = deps
  return {
    async saveTableDraft({ params: { id }, body: { text, reason, seen } }, { actor, who }) {
      demandAccepted(deps, id, text)
      const newest = (await readTables(db, id)).at(-1)
      if (newest) audit.was(who, { text: { ...tableTextOf(newest.body) } })
      const asked = { id, body: tableBody(text), by: actor, reason, seen, at: deps.now() }
      const draft = await refusing(() => saveTable(db, asked))
      return {
        status: 200,
        body: tableItem(
          draft,
          (await readTableTurns(db)).filter(t => t.id === id),
        ),
      }
    },
    async activateTable({ params: { id }, body: { version, reason, activeFrom } }, { actor, who }) {
      const at = deps.now()
      audit.was(who, { version: standing(await readTableTurns(db), id, at)?.version ?? null })
      if (activeFrom !== undefined && activeFrom < at)
        throw new ApiProblem('rule_too_soon', `${isoOf(activeFrom)} is past: tables do not change what was decided.`)
      const stored = (await readTables(db, id)).find(t => t.version === version)
      if (stored) demandAccepted(deps, id, tableTextOf(stored.body))
      const from = Math.max(activeFrom ?? 0, await pipeline.ruleWatch.soonestTurn())
      const turn = await refusing(() => turnTable(db, { id, version, by: actor, reason, at, activeFrom: from }))
      await pipeline.ruleWatch.changed()
      return { status: 200, body: turnItem(turn) }
    },
  }
}

const standing = (turns: readonly TableTurn[], id: Use, now: number): TableTurn | null =>
  turns.findLast(t => t.id === id && t.activeFrom <= now) ?? null

const defOf = (id: Use, text: TableText): TableDef => ({ ...tableBody(text), id, version: 0 })

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TableConflict) throw new ApiProblem(error.code, error.message)
    throw error
  }
}

/** What is wrong with its cells, and with its results for what it is used for. */
function checkedFor(deps: HttpDeps, id: Use, def: TableDef): CheckedTable {
  const use = USES[id]
  const checked = checkTable(def, use.facts, calendarsOf(calendarsNow(deps)))
  const foreign = def.outputs.flatMap((output, i): TableProblem[] => {
    const used = use.outputs.find(o => o.id === output.id)
    if (
      used &&
      used.type === output.type &&
      (used.oneOf === null || output.oneOf?.every(v => used.oneOf?.includes(String(v))))
    )
      return []
    return [
      { code: 'bad_output', row: null, column: def.inputs.length + i, message: unused(output.id, id), refusals: [] },
    ]
  })
  return { ...checked, problems: [...checked.problems, ...foreign, ...unusable(id, def, checked)] }
}

/** Nobody waits longer for a case. */
const LONGEST_BUDGET = 3650 * DAY

/** One row decides of a case, and its time is one that comes to an end. */
function unusable(id: Use, def: TableDef, { rows, otherwise }: CheckedTable): TableProblem[] {
  const refused = (message: Label, row: number | null, column: number | null): TableProblem => ({
    ...{ code: 'bad_output', row, column, message, refusals: [] },
  })
  const many = def.policy === 'collect' ? refusedTogether(id, def, refused) : []
  const i = def.outputs.findIndex(o => o.id === 'budget')
  const values = [...rows.map(row => row.values), ...(otherwise ? [otherwise] : [])]
  const endless = values.flatMap((cells, row) => {
    const budget = cells[i]
    const isFine = typeof budget !== 'number' || (budget >= 0 && budget <= LONGEST_BUDGET)
    return isFine ? [] : [refused(TOO_LONG, row, def.inputs.length + i)]
  })
  return [...many, ...endless]
}

/** Several rows decide together only where something is made of that: a list, of which the first or the strictest counts. */
function refusedTogether(
  id: Use,
  { inputs, outputs }: TableDef,
  refused: (message: Label, row: number | null, column: number | null) => TableProblem,
): TableProblem[] {
  if (id === 'triage') return [refused(ONE_DECIDES, null, null)]
  return outputs.flatMap(({ collect = 'list' }, i) =>
    collect === 'list' ? [] : [refused(AS_LIST, null, inputs.length + i)],
  )
}

const AS_LIST: Label = {
  zh: '这里多行一起决定时只用到列表：请改成“列表”',
  en: 'Of several rows a list is used here: let the column collect a list',
}
const ONE_DECIDES: Label = {
  zh: '这里只能由一行决定：请选“取第一行”或“只能命中一行”',
  en: 'One row decides here: let the first row decide, or only one hit',
}
const TOO_LONG: Label = {
  zh: '处理时限须在 0 到 10 年之间：请改短',
  en: 'The time to resolve is from 0 to 10 years: make it shorter',
}

function unused(output: string, id: Use): Label {
  const known = USES[id].outputs.map(o => `${o.id} (${[o.type, ...(o.oneOf ?? [])].join(' ')})`).join(', ')
  return {
    zh: `结果列 ${output} 在这里不会被使用：可用的有 ${known}`,
    en: `Nothing here uses the result ${output}: what is used is ${known}`,
  }
}

/** @throws ApiProblem table_refused, with every cell in `more` */
function demandAccepted(deps: HttpDeps, id: Use, text: TableText): TableDef {
  const def = defOf(id, text)
  const { problems } = checkedFor(deps, id, def)
  if (problems.length === 0) return def
  const errors = problems.map(p => ({ pointer: pointerOf(p, def), code: p.code, message: p.message.en })).slice(0, 100)
  const sentence = { zh: `决策表有误：${problems[0]?.message.zh}` }
  const more = { problems: problems.map(problemItem).slice(0, 100), sentence }
  throw new ApiProblem('table_refused', `The table is not accepted: ${errors[0]?.message}`, { errors, more })
}

function pointerOf({ row, column }: TableProblem, { inputs }: TableDef): string {
  if (row === null && column === null) return '/text'
  const part = column === null ? '' : column < inputs.length ? `inputs/${column}` : `outputs/${column - inputs.length}`
  if (row === null) return `/text/${part}`
  return `/text/rows/${row}${column === null ? '' : `/${part.replace('inputs', 'when').replace('outputs', 'give')}`}`
}

const problemItem = ({ code, row, column, message, refusals }: TableProblem) => ({
  ...{ code, row, column, message: { ...message } },
  refusals: refusals.map(r => ({ code: r.code, start: r.start, end: r.end, message: { ...r.message } })),
})

const rowItem = (row: TableDef['rows'][number]) => ({ ...row, when: [...row.when], give: [...row.give] })
