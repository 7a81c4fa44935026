import type { VIEW_PAGES } from '../../contract/api/index.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../sql.ts'

export type ViewPage = (typeof VIEW_PAGES)[number]

/** A row of `saved_view`; its query is JSON text. */
export interface ViewRow {
  readonly id: string
  readonly page: ViewPage
  readonly owner: string
  readonly shared: boolean
  readonly name: string
  readonly query: string
  readonly place: number
  readonly version: number
  readonly created_at: Instant
  readonly updated_at: Instant
}

const MOST = 1000

const LIST = `
select * from saved_view where (owner = $1 or shared) and ($2::text is null or page = $2)
order by (owner <> $1), place, id limit ${MOST}`
const READ = 'select * from saved_view where id = $1 and (owner = $2 or shared)'
const COUNT = 'select count(*) as n, coalesce(max(place), 0) as last from saved_view where owner = $1'
const ADD = `
insert into saved_view (id, page, owner, shared, name, query, place, version, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8) returning *`
// Compare-and-set: what somebody else changed meanwhile stands.
const CHANGE = `
update saved_view set name = $3, query = $4, shared = $5, place = $6, version = version + 1, updated_at = $7
where id = $1 and version = $2 returning *`
const REMOVE = 'delete from saved_view where id = $1'

export const listViews = async (sql: Sql, owner: string, page: ViewPage | null): Promise<ViewRow[]> =>
  (await sql.query<ViewRow>(LIST, [owner, page])).rows

/** A view that this person sees. */
export const readView = async (sql: Sql, id: string, owner: string): Promise<ViewRow | null> =>
  (await sql.query<ViewRow>(READ, [id, owner])).rows[0] ?? null

/** How many views a person has, and the place of the last one. */
export async function countViews(sql: Sql, owner: string): Promise<{ n: number; last: number }> {
  return (await sql.query<{ n: number; last: number }>(COUNT, [owner])).rows[0] ?? { n: 0, last: 0 }
}

export type NewView = Pick<ViewRow, 'id' | 'page' | 'owner' | 'shared' | 'name' | 'place'> & { readonly query: object }

export async function addView(sql: Sql, view: NewView, at: Instant): Promise<ViewRow> {
  const { id, page, owner, shared, name, query, place } = view
  const values = [id, page, owner, shared, name, JSON.stringify(query), place, at]
  return (await sql.query<ViewRow>(ADD, values)).rows[0]!
}

/** Null when it is no longer of the version that the change is based on. */
export async function changeView(sql: Sql, view: ViewRow, at: Instant): Promise<ViewRow | null> {
  const { id, version, name, query, shared, place } = view
  return (await sql.query<ViewRow>(CHANGE, [id, version, name, query, shared, place, at])).rows[0] ?? null
}

export async function removeView(sql: Sql, id: string): Promise<void> {
  await sql.query(REMOVE, [id])
}
