import { type AuditItem, MOST_EXPORTED } from '../../../contract/api/index.ts'
import { isoOf } from '../../../kernel/instant.ts'
import { takeAnchor } from '../../../pipeline/anchor.ts'
import { type AuditFilter, countDeeds, type DeedPlace, findDeed, listDeeds } from '../../../pipeline/queries/audit.ts'
import { type MayName, meaningOf } from '../../../pipeline/queries/deed-names.ts'
import { auditItems, mayName } from '../audit-items.ts'
import { CSV_START, csvLine } from '../csv.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { totalOf } from './orders.ts'

type Operation = 'listAudit' | 'getAuditEntry' | 'exportAudit' | 'getAnchor'

export function auditHandlers(deps: HttpDeps): Pick<Handlers, Operation> {
  const { db, audit, sealer } = deps
  return {
    async listAudit({ query: { limit, cursor, ...asked } }, { principal }) {
      const may = mayName(principal)
      const filter = await filterOf(deps, asked, may)
      const place = LISTS.audit.placeOf(cursor)
      const after = place && { at: place[0], source: place[1], key: place[2] }
      const { rows, next } = await listDeeds(db, filter, { limit, after })
      const counts = after === null && filter.q === undefined
      const total = counts ? { total: totalOf(await countDeeds(db, filter)) } : {}
      const cursorText = LISTS.audit.cursorOf(next && [next.at, next.source, next.key])
      return { status: 200, body: { items: await auditItems(deps, rows, may), next: cursorText, ...total } }
    },
    async getAuditEntry({ params: { id } }, { principal }) {
      const deed = await findDeed(db, id)
      if (deed === null) throw new ApiProblem('audit_not_found', `There is no entry ${id}: see GET /v1/audit.`)
      return { status: 200, body: (await auditItems(deps, [deed], mayName(principal)))[0]! }
    },
    async exportAudit({ query: { format, ...asked } }, { who, principal }) {
      await audit.record(who, { verb: 'audit.export', after: { format, filter: { ...asked } } })
      const may = mayName(principal)
      const pages = pagesOf(deps, await filterOf(deps, asked, may), may)
      const isCsv = format === 'csv'
      const name = `audit-${isoOf(deps.now()).slice(0, 10)}.${isCsv ? 'csv' : 'ndjson'}`
      const headers = {
        'content-type': isCsv ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
      }
      return { status: 200, body: isCsv ? csvOf(pages) : ndjsonOf(pages), headers }
    },
    async getAnchor() {
      return { status: 200, body: await takeAnchor(db, sealer, deps.now()) }
    },
  }
}

/** What the query of the address means, for whom it is looked up. */
type Asked = Omit<AuditFilter, 'means' | 'about'> & { readonly about?: string; readonly words?: readonly string[] }

async function filterOf({ db }: HttpDeps, { about, words = [], ...filter }: Asked, may: MayName): Promise<AuditFilter> {
  const meant = filter.q === undefined ? null : await meaningOf(db, filter.q, may)
  return {
    ...filter,
    ...(meant && { means: { ...meant, verbs: words } }),
    ...(about !== undefined && { about: { id: about, subjects: (await meaningOf(db, about, may)).subjects } }),
  }
}

type Pages = AsyncGenerator<readonly AuditItem[]>

const EXPORT_PAGE = 1000

/** Page by page, as fast as the client takes them: nothing piles up in memory. */
async function* pagesOf(deps: HttpDeps, filter: AuditFilter, may: MayName): Pages {
  let after: DeedPlace | null = null
  for (let sent = 0; sent < MOST_EXPORTED; ) {
    const limit = Math.min(EXPORT_PAGE, MOST_EXPORTED - sent)
    const page: Awaited<ReturnType<typeof listDeeds>> = await listDeeds(deps.db, filter, { limit, after })
    sent += page.rows.length
    yield await auditItems(deps, page.rows, may)
    after = page.next
    if (after === null) return
  }
}

const COLUMNS = ['at', 'actor', 'behalf', 'address', 'agent', 'verb', 'outcome', 'code', 'times'] as const
const NAMES = ['actor_name', 'behalf_name', 'subject_name'] as const

async function* csvOf(pages: Pages): AsyncGenerator<string> {
  const rest = ['subject_kind', 'subject_id', 'request', 'source', 'id', 'position', 'changes']
  yield CSV_START + csvLine([...COLUMNS, ...rest, ...NAMES])
  for await (const page of pages) yield page.map(csvRow).join('')
}

const csvRow = (item: AuditItem): string =>
  csvLine([
    ...COLUMNS.map(column => item[column]),
    ...[item.subject?.kind, item.subject?.id, item.request, item.source, item.id, item.position],
    item.changes.length === 0 ? '' : JSON.stringify(item.changes),
    ...[item.actorName, item.behalfName, item.subject?.name],
  ])

async function* ndjsonOf(pages: Pages): AsyncGenerator<string> {
  for await (const page of pages) yield page.map(item => `${JSON.stringify(item)}\n`).join('')
}
