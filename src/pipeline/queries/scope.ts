import { type RawBuilder, sql as raw, type SqlBool } from 'kysely'
import type { Principal, Reach, Scope } from '../../contract/principal.ts'
import type { Right } from '../../contract/rights.ts'
import { build } from './build.ts'

/**
 * Rights in SQL. Every list, search, count, roll-up, export and stream of orders or cases takes the reach of its caller
 * and puts one of these conditions into its statement; a single object is looked up as ever and then asked about with
 * `permits(principal, right, subject)`, where a no is answered as if the object were not there.
 *
 *     const reach = reachOf(caller.principal, 'order.read')
 *     listOrders(db, { ...filter, reach }, page)                        // lists that take a filter do the rest
 *     query.where(inReach(reach, orderColumns('o')))                    // a query of your own, by kysely
 *     const { text, values } = reachText(reach, caseColumns('c'), 3)   // a text of your own; its first parameter is $3
 *
 * For rows that are already in memory, a live stream for one: `permits` with the shop, warehouses and owner of each row.
 * `all` gives a condition that is always true; no right at all gives one that is never true. Both cost nothing.
 */

/** Over what the principal has the right; nothing at all when it does not have it. */
export const reachOf = ({ rights }: Principal, right: Right): Reach => rights[right] ?? []

/** SQL expressions of what a scope compares. What a table lacks (an order has no owner) makes a scope on it cover nothing. */
export interface ScopeColumns {
  readonly shop: string
  /** Of type text[]. */
  readonly warehouses: string
  readonly owner?: string
}

/** Of `order_row` under this alias. */
export const orderColumns = (alias: string): ScopeColumns => ({
  shop: `${alias}.channel`,
  warehouses: `${alias}.warehouses`,
})

// A value and no join, so that the order of the outer index is kept; paid only by who is narrowed to a warehouse.
const ofOrder = (alias: string, column: string): string =>
  `(select r.${column} from order_row r where r.bucket = ${alias}.bucket and r.stream = ${alias}.stream)`

/** Of `case_row` under this alias. */
export const caseColumns = (alias: string): ScopeColumns => ({
  shop: `${alias}.channel`,
  warehouses: ofOrder(alias, 'warehouses'),
  owner: `${alias}.owner`,
})

/** Of any table with `bucket` and `stream` of an order, `finding_row` for one. */
export const streamColumns = (alias: string): ScopeColumns => ({
  shop: ofOrder(alias, 'channel'),
  warehouses: ofOrder(alias, 'warehouses'),
})

// Until its order is known, what was refused at the door belongs to the feed that its source ends with.
/** Of `quarantine` under this alias. */
export const quarantineColumns = (alias: string): ScopeColumns => ({
  shop: `coalesce(${ofOrder(alias, 'channel')}, regexp_replace(${alias}.source, '^.*[/:]', ''))`,
  warehouses: ofOrder(alias, 'warehouses'),
})

/** The condition for a kysely query. */
export function inReach(reach: Reach, columns: ScopeColumns): RawBuilder<SqlBool> {
  if (reach === 'all') return raw<SqlBool>`true`
  const scopes = merged(reach).map(scope => {
    const parts = partsOf(scope, columns)
    if (parts === null) return raw<SqlBool>`false`
    if (parts.length === 0) return raw<SqlBool>`true`
    return raw<SqlBool>`(${raw.join(
      parts.map(({ before, values, after }) => raw`${raw.raw(before)}${values}${raw.raw(after)}`),
      raw` and `,
    )})`
  })
  return scopes.length === 0 ? raw<SqlBool>`false` : raw<SqlBool>`(${raw.join(scopes, raw` or `)})`
}

/** The condition as text with parameters from `$first` on. */
export function reachText(
  reach: Reach,
  columns: ScopeColumns,
  first: number,
): { readonly text: string; readonly values: readonly unknown[] } {
  const query = build.selectNoFrom(inReach(reach, columns).as('one')).compile()
  const text = query.sql.replace(/^select /, '').replace(/ as "one"$/, '')
  const shifted = text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + first - 1}`)
  return { text: shifted, values: query.parameters }
}

interface Part {
  readonly before: string
  readonly values: readonly string[]
  readonly after: string
}

/** All must hold; null: nothing can. */
function partsOf(scope: Scope, columns: ScopeColumns): Part[] | null {
  const { shops, warehouses, owners } = scope
  if (owners && columns.owner === undefined) return null
  return [
    ...(shops ? [{ before: `${columns.shop} = any(`, values: shops, after: '::text[])' }] : []),
    ...(warehouses ? [{ before: `${columns.warehouses} && `, values: warehouses, after: '::text[]' }] : []),
    ...(owners ? [{ before: `${columns.owner} = any(`, values: owners, after: '::text[])' }] : []),
  ]
}

/** Scopes that differ in their shops only become one, which an index on the shop serves. */
function merged(scopes: readonly Scope[]): Scope[] {
  const onlyShops = scopes.filter(s => s.shops && !s.warehouses && !s.owners)
  if (onlyShops.length < 2) return [...scopes]
  const shops = [...new Set(onlyShops.flatMap(s => s.shops ?? []))]
  return [{ shops }, ...scopes.filter(s => !onlyShops.includes(s))]
}
