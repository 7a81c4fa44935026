import type * as z from 'zod'
import type { Access } from '../rights.ts'
import type { ProblemName } from './problems.ts'

/** Terms. Route: one method and path. Reply: one status that is no problem. Component: a schema with a name of its own. */

export interface Reply {
  readonly description: string
  /** None: the body is empty, or not JSON (see `type`). */
  readonly schema?: z.ZodType
  /** Content type; default application/json. */
  readonly type?: string
  /** The body is text that is made while it is sent, of one of these types: the first, or what the answer's header says. */
  readonly stream?: readonly [string, ...string[]]
}

export interface Route {
  readonly method: 'GET' | 'POST'
  /** With parameters in braces, as OpenAPI writes it. */
  readonly path: `/${string}`
  /** What its caller needs; `public` and `signed_in` need no right. */
  readonly right: Access
  /**
   * Under which verb (`noun.verb`) its use stands in the audit trail. A handler that records more (`before` and `after`,
   * in its own transaction) does so with `caller.who`; otherwise the request is recorded as it came, masked. What a
   * stream's ledger records needs none.
   */
  readonly audit?: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  /** Request headers, lower case. */
  readonly headers?: z.ZodObject
  readonly body?: z.ZodType
  /** What the body may be sent as; default application/json. */
  readonly bodyTypes?: readonly string[]
  /** Bytes; default 256 KiB. */
  readonly bodyLimit?: number
  readonly example?: unknown
  readonly replies: { readonly [status: number]: Reply }
  /** Besides those that any route may answer, see `anywhere`. */
  readonly problems?: readonly ProblemName[]
}

export const route = <const R extends Route>(given: R): R => given

/** The schemas that have a name in the OpenAPI document. */
export const components = new Map<string, z.ZodType>()

/** Gives a schema its name in the OpenAPI document. */
export function named<S extends z.ZodType>(id: string, schema: S): S {
  if (components.has(id)) throw new Error(`two schemas are named ${id}`)
  components.set(id, schema)
  return schema
}

type Read<S> = S extends z.ZodType ? z.output<S> : undefined
type Written<R extends Reply> = R extends { readonly stream: readonly string[] }
  ? AsyncIterable<string>
  : R['schema'] extends z.ZodType
    ? z.output<R['schema']>
    : undefined

/** What a handler is given: checked, with defaults filled in and instants as epoch ms. */
export interface Asked<R extends Route> {
  readonly params: Read<R['params']>
  readonly query: Read<R['query']>
  readonly headers: Read<R['headers']>
  readonly body: Read<R['body']>
}

/** What a handler answers with: one of the statuses that its route declares, with the body declared for it. */
export type Answer<R extends Route> = {
  [S in keyof R['replies'] & number]: {
    readonly status: S
    readonly body: Written<NonNullable<R['replies'][S]>>
    readonly headers?: Readonly<Record<string, string | readonly string[]>>
  }
}[keyof R['replies'] & number]
