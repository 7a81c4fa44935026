import { type AuditItem, MOST_EXPORTED } from '../../../contract/api/index.ts'
import type { AuditOutcome } from '../../../contract/audit.ts'
import { isoOf } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { changesOf } from '../../../modules/access/index.ts'
import { takeAnchor } from '../../../pipeline/anchor.ts'
import {
  type AuditFilter,
  countDeeds,
  type Deed,
  type DeedPlace,
  findDeed,
  listDeeds,
} from '../../../pipeline/queries/audit.ts'
import type { ActRowTable, AuditTable } from '../../../pipeline/queries/tables.ts'
import { CSV_START, csvLine } from '../csv.ts'
import { cursorOf, PLACES, placeOf } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { totalOf } from './orders.ts'

type Operation = 'listAudit' | 'getAuditEntry' | 'exportAudit' | 'getAnchor'

export function auditHandlers(deps: HttpDeps): Pick<Handlers, Operation> {
  const { db, audit, sealer } = deps
  return {
    async listAudit({ query: { limit, cursor, ...filter } }) {
      const place = placeOf(PLACES.ofDeed, cursor)
      const after = place && { at: place[0], source: place[1], key: place[2] }
      const { rows, next } = await listDeeds(db, filter, { limit, after })
      const counts = after === null && filter.q === undefined
      const total = counts ? { total: totalOf(await countDeeds(db, filter)) } : {}
      const cursorText = cursorOf(next && [next.at, next.source, next.key])
      return { status: 200, body: { items: rows.map(auditItem), next: cursorText, ...total } }
    },
    async getAuditEntry({ params: { id } }) {
      const deed = await findDeed(db, id)
      if (deed === null) throw new ApiProblem('audit_not_found', `There is no entry ${id}: see GET /v1/audit.`)
      return { status: 200, body: auditItem(deed) }
    },
    async exportAudit({ query: { format, ...filter } }, { who }) {
      await audit.record(who, { verb: 'audit.export', after: { format, filter: { ...filter } } })
      const isCsv = format === 'csv'
      const name = `audit-${isoOf(deps.now()).slice(0, 10)}.${isCsv ? 'csv' : 'ndjson'}`
      const headers = {
        'content-type': isCsv ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
      }
      return { status: 200, body: isCsv ? csvOf(deps, filter) : ndjsonOf(deps, filter), headers }
    },
    async getAnchor() {
      return { status: 200, body: await takeAnchor(db, sealer, deps.now()) }
    },
  }
}

const EXPORT_PAGE = 1000

/** Page by page, as fast as the client takes them: nothing piles up in memory. */
async function* pagesOf({ db }: HttpDeps, filter: AuditFilter): AsyncGenerator<readonly AuditItem[]> {
  let after: DeedPlace | null = null
  for (let sent = 0; sent < MOST_EXPORTED; ) {
    const limit = Math.min(EXPORT_PAGE, MOST_EXPORTED - sent)
    const page: Awaited<ReturnType<typeof listDeeds>> = await listDeeds(db, filter, { limit, after })
    sent += page.rows.length
    yield page.rows.map(auditItem)
    after = page.next
    if (after === null) return
  }
}

const COLUMNS = ['at', 'actor', 'behalf', 'address', 'agent', 'verb', 'outcome', 'code', 'times'] as const

async function* csvOf(deps: HttpDeps, filter: AuditFilter): AsyncGenerator<string> {
  const rest = ['subject_kind', 'subject_id', 'request', 'source', 'id', 'position', 'changes']
  yield CSV_START + csvLine([...COLUMNS, ...rest])
  for await (const page of pagesOf(deps, filter)) yield page.map(csvRow).join('')
}

const csvRow = (item: AuditItem): string =>
  csvLine([
    ...COLUMNS.map(column => item[column]),
    ...[item.subject?.kind, item.subject?.id, item.request, item.source, item.id, item.position],
    item.changes.length === 0 ? '' : JSON.stringify(item.changes),
  ])

async function* ndjsonOf(deps: HttpDeps, filter: AuditFilter): AsyncGenerator<string> {
  for await (const page of pagesOf(deps, filter)) yield page.map(item => `${JSON.stringify(item)}\n`).join('')
}

const auditItem = (deed: Deed): AuditItem => (deed.source === 'trail' ? ofTrail(deed.row) : ofLedger(deed))

function ofTrail(row: AuditTable): AuditItem {
  const { before = null, after = null }: { before?: JsonObject | null; after?: JsonObject | null } = JSON.parse(
    row.detail,
  )
  return {
    ...{ id: row.id, source: 'trail', at: isoOf(row.at), actor: row.actor, behalf: row.behalf },
    ...{ address: row.address, agent: row.agent, verb: row.verb },
    subject: row.subject_kind === null ? null : { kind: row.subject_kind, id: row.subject_id ?? '' },
    ...{ outcome: row.outcome, code: row.code, request: row.request, times: row.times, position: row.pos },
    before: before && { ...before },
    after: after && { ...after },
    changes: changesOf(before, after),
  }
}

const ofLedger = ({ key, row }: { readonly key: string; readonly row: ActRowTable }): AuditItem => ({
  ...{ id: key, source: 'ledger', at: isoOf(row.at), actor: row.actor, behalf: row.behalf },
  ...{ address: null, agent: null, verb: row.verb, subject: { kind: 'order', id: row.stream } },
  ...{ outcome: outcomeOf(row.outcome), code: row.code, request: row.request, times: 1, position: null },
  ...{ before: null, after: null, changes: [] },
})

const outcomeOf = (text: string): AuditOutcome => (text === 'refused' ? 'refused' : 'done')
