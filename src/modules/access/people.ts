import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../platform/database.ts'
import type { Assignment } from './types.ts'

/** `invited`: has not come yet. `disabled`: may not come in any more. */
export const PERSON_STATUSES = ['invited', 'active', 'disabled'] as const
export type PersonStatus = (typeof PERSON_STATUSES)[number]

export interface Person {
  readonly id: string
  readonly handle: string
  readonly name: string
  readonly mail: string
  readonly status: PersonStatus
  readonly language: string | null
  readonly teams: readonly string[]
  readonly twoFactor: boolean
  readonly version: number
  readonly createdAt: Instant
  readonly assignments: readonly Assignment[]
}

interface Row {
  readonly id: string
  readonly handle: string
  readonly name: string
  readonly mail: string
  readonly status: PersonStatus
  readonly language: string | null
  readonly teams: string[]
  readonly two_factor: boolean
  readonly version: number
  readonly created_at: Date
  /** JSON text. */
  readonly assignments: string
}

const COLUMNS = `p.id, p.handle, p.name, p.mail, p.status, p.language, p.teams, p.two_factor, p.version, p.created_at,
  (select coalesce(json_agg(json_build_object('role', a.role, 'shops', a.shops, 'warehouses', a.warehouses) order by a.n), '[]')
   from assignment a where a.person = p.id) as assignments`

const personOf = ({ two_factor, created_at, assignments, ...row }: Row): Person => ({
  ...row,
  twoFactor: two_factor,
  createdAt: created_at.getTime(),
  assignments: JSON.parse(assignments),
})

const ONE = `select ${COLUMNS} from person p where p.id = $1`
const BY_MAIL = `select ${COLUMNS} from person p where p.mail = $1`
const BY_HANDLE = `select ${COLUMNS} from person p where p.handle = $1`
const LIST = `
select ${COLUMNS} from person p
where p.handle > $1 and ($2::text[] is null or p.status = any($2::text[]))
  and ($3::text is null or p.handle like $3 or lower(p.name) like $3 or ($5 and p.mail like $3))
order by p.handle limit $4`

const first = async (sql: Sql, text: string, value: string): Promise<Person | null> => {
  const row = (await sql.query<Row>(text, [value])).rows[0]
  return row ? personOf(row) : null
}

export const personById = (sql: Sql, id: string): Promise<Person | null> => first(sql, ONE, id)
/** @param mail in any case */
export const personByMail = (sql: Sql, mail: string): Promise<Person | null> => first(sql, BY_MAIL, mail.toLowerCase())
export const personByHandle = (sql: Sql, handle: string): Promise<Person | null> => first(sql, BY_HANDLE, handle)

export interface PeopleFilter {
  readonly status?: readonly PersonStatus[] | undefined
  /** Part of the name or the handle; of the mail address too, for who may see it. */
  readonly q?: string | undefined
  readonly byMail?: boolean
}

/** People by handle; one more than `limit` when there are more. */
export async function listPeople(
  sql: Sql,
  { status, q, byMail = false }: PeopleFilter,
  page: { readonly after: string; readonly limit: number },
): Promise<Person[]> {
  const like = q === undefined ? null : `%${q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql.query<Row>(LIST, [page.after, status ?? null, like, page.limit + 1, byMail])
  return rows.map(personOf)
}

const NAMES = 'select handle, name from person where handle = any($1::text[])'

/** What people are called, by their handle. */
export async function namesOfPeople(sql: Sql, handles: readonly string[]): Promise<Map<string, string>> {
  if (handles.length === 0) return new Map()
  const { rows } = await sql.query<{ handle: string; name: string }>(NAMES, [handles])
  return new Map(rows.map(row => [row.handle, row.name]))
}

const INSERT = `
insert into person (id, handle, name, mail, mail_verified, status, language, teams, version, created_at, updated_at)
values ($1, $2, $3, $4, true, $5, $6, $7::text[], 1, $8, $8)`
const UPDATE = `
update person set name = $3, language = $4, teams = $5::text[], status = $6, version = version + 1, updated_at = $7
where id = $1 and version = $2`

export type NewPerson = Pick<Person, 'id' | 'handle' | 'name' | 'mail' | 'status' | 'language' | 'teams'>

export async function insertPerson(sql: Sql, p: NewPerson, at: Instant): Promise<void> {
  const values = [p.id, p.handle, p.name, p.mail.toLowerCase(), p.status, p.language, p.teams, new Date(at)]
  await sql.query(INSERT, values)
}

/** False: somebody else changed the person meanwhile. */
export async function updatePerson(sql: Sql, p: Person, at: Instant): Promise<boolean> {
  const values = [p.id, p.version, p.name, p.language, p.teams, p.status, new Date(at)]
  return (await sql.query(UPDATE, values)).rowCount === 1
}

const CLEAR = 'delete from assignment where person = $1'
const ASSIGN = `
insert into assignment (person, n, role, shops, warehouses)
select $1, n, role, shops, warehouses
from json_to_recordset($2) as r(n smallint, role text, shops text[], warehouses text[])`

export async function setAssignments(sql: Sql, person: string, assignments: readonly Assignment[]): Promise<void> {
  await sql.query(CLEAR, [person])
  if (assignments.length === 0) return
  await sql.query(ASSIGN, [person, JSON.stringify(assignments.map((a, n) => ({ n, ...a })))])
}

const ADMINISTRATORS = `
select p.id from person p join assignment a on a.person = p.id
where p.status = 'active' and a.role = $1 and a.shops is null and a.warehouses is null
for update of p`

/** Active people who have the role whole; they stay so until the transaction ends. */
export const holdersOf = async (sql: Sql, role: string): Promise<string[]> =>
  (await sql.query<{ id: string }>(ADMINISTRATORS, [role])).rows.map(row => row.id)

const IN_USE = `select 1 from assignment where role = $1 limit 1`

export const isRoleInUse = async (sql: Sql, role: string): Promise<boolean> =>
  (await sql.query(IN_USE, [role])).rows.length > 0

// ---- passwords ----

const PASSWORD = `select password from account where person = $1 and provider = 'credential'`
const SET_PASSWORD = `
insert into account (id, person, provider, account_id, password, created_at, updated_at)
values ($1, $2, 'credential', $2, $3, $4, $4)
on conflict (provider, account_id) do update set password = excluded.password, updated_at = excluded.updated_at`

export const passwordHash = async (sql: Sql, person: string): Promise<string | null> =>
  (await sql.query<{ password: string | null }>(PASSWORD, [person])).rows[0]?.password ?? null

export async function setPasswordHash(
  sql: Sql,
  { id, person, hash, at }: { id: string; person: string; hash: string; at: Instant },
): Promise<void> {
  await sql.query(SET_PASSWORD, [id, person, hash, new Date(at)])
}

const STOP_TOTP = 'delete from two_factor where person = $1'
const NO_TOTP = 'update person set two_factor = false, version = version + 1 where id = $1'

export async function removeTotp(sql: Sql, person: string): Promise<void> {
  await sql.query(STOP_TOTP, [person])
  await sql.query(NO_TOTP, [person])
}

const WELCOME = `
update person set status = 'active', updated_at = $2 where id = $1 and status in ('invited', 'active') returning id`

/** Whether somebody may come in. Whoever was invited and signs in, by a provider for one, has joined. */
export const welcome = async (sql: Sql, id: string, at: Instant): Promise<boolean> =>
  (await sql.query(WELCOME, [id, new Date(at)])).rows.length > 0
