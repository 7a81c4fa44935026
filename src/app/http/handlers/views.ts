import type { SavedView } from '../../../contract/api/index.ts'
import { accountableOf, permits } from '../../../contract/principal.ts'
import { isoOf } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import {
  addView,
  changeView,
  countViews,
  listViews,
  readView,
  removeView,
  type ViewRow,
} from '../../../pipeline/queries/views.ts'
import { demand } from '../caller.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Caller, Handlers } from '../serve.ts'

/** Views of one person. */
const MOST = 100

type Operation = 'listViews' | 'saveView' | 'changeView' | 'removeView'

export function viewHandlers(deps: HttpDeps): Pick<Handlers, Operation> {
  const { db } = deps
  return {
    async listViews({ query: { page } }, caller) {
      const rows = await listViews(db, ownerOf(caller), page ?? null)
      return { status: 200, body: { items: rows.map(row => viewItem(row, caller)) } }
    },
    async saveView({ body: { page, name, query, shared } }, caller) {
      if (shared) demand(caller.principal, 'view.share')
      const owner = ownerOf(caller)
      const { n, last } = await countViews(db, owner)
      if (n >= MOST) throw new ApiProblem('too_many_views', `You have ${MOST} views: remove one first.`)
      const view = { id: deps.newId(), page, owner, shared, name, query, place: last + 1 }
      return { status: 201, body: viewItem(await addView(db, view, deps.now()), caller) }
    },
    async changeView({ params: { id }, body: { version, query, ...more } }, caller) {
      const row = await viewFor(deps, id, caller)
      deps.audit.was(caller.who, shownOf(row))
      if (more.shared && !row.shared) demand(caller.principal, 'view.share')
      const next = { ...row, ...more, version, ...(query && { query: JSON.stringify(query) }) }
      const changed = await changeView(db, next, deps.now())
      if (changed === null) throw new ApiProblem('view_changed', 'Somebody changed it meanwhile: load it again.')
      return { status: 200, body: viewItem(changed, caller) }
    },
    async removeView({ params: { id } }, caller) {
      deps.audit.was(caller.who, shownOf(await viewFor(deps, id, caller)))
      await removeView(db, id)
      return { status: 204, body: undefined }
    },
  }
}

const shownOf = ({ name, query, shared, place, version }: ViewRow): JsonObject => ({
  ...{ name, query: JSON.parse(query), shared, place, version },
})

const ownerOf = ({ actor }: Caller): string => accountableOf(actor)

const isMine = ({ owner, shared }: ViewRow, caller: Caller): boolean =>
  owner === ownerOf(caller) || (shared && permits(caller.principal, 'view.share'))

/** A view that the caller may change. @throws ApiProblem view_not_found, not_allowed */
async function viewFor({ db }: HttpDeps, id: string, caller: Caller): Promise<ViewRow> {
  const row = await readView(db, id, ownerOf(caller))
  if (row === null) throw new ApiProblem('view_not_found', `There is no view ${id}: see GET /v1/views.`)
  if (!isMine(row, caller)) demand(caller.principal, 'view.share')
  return row
}

const viewItem = (row: ViewRow, caller: Caller): SavedView => ({
  ...{ id: row.id, page: row.page, name: row.name, query: JSON.parse(row.query), shared: row.shared, owner: row.owner },
  ...{ mine: isMine(row, caller), place: row.place, version: row.version, updatedAt: isoOf(row.updated_at) },
})
