import type { Dedicated } from '../platform/database.ts'

export type { Sql } from '../platform/database.ts'

/** A lane's own connection: pipelined, its statements planned once. */
export type LaneSql = Pick<Dedicated, 'query' | 'batch' | 'end'>

/** JSON of many rows as one parameter; `undefined` columns become null in the recordset. */
export const jsonRows = (rows: readonly object[]): string => JSON.stringify(rows)

/** bytea inside a JSON parameter. */
export const hex = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString('hex')}`
