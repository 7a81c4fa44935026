import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import type { Sql } from '../sql.ts'
import type { Tables } from './tables.ts'

/** Composes statements and runs none: they go through `Sql` like every other one, wherever that runs. */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

export async function run<R>(sql: Sql, query: { compile(): CompiledQuery<R> }): Promise<R[]> {
  const { sql: text, parameters } = query.compile()
  return (await sql.query<R>(text, parameters)).rows
}

/** A page of rows, and the place of its last row when there are more. */
export interface Page<R, P> {
  readonly rows: readonly R[]
  readonly next: P | null
}

/** `rows` has one more row than the page when there are more. */
export function pageOf<R, P>(rows: readonly R[], limit: number, placeOf: (row: R) => P): Page<R, P> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, next: rows.length > limit && last !== undefined ? placeOf(last) : null }
}
