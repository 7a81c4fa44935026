/** Addresses that one feature gives another. Filters have the names that they have in the API. */
type Values = Readonly<Record<string, string | number | readonly string[] | null | undefined>>

function withSearch(path: string, values: Values): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue
    const text = Array.isArray(value) ? value.join(',') : String(value)
    if (text !== '') search.set(name, text)
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

export const casesAt = (filter: Values): string => withSearch('/cases', filter)
export const caseAt = (id: string): string => `/cases/${id}`
/** A rule, explained for an order at an instant when both are given. */
export const ruleAt = (id: string, shown: Values = {}): string => withSearch(`/rules/${encodeURIComponent(id)}`, shown)
export const ordersAt = (filter: Values): string => withSearch('/orders', filter)
export const orderAt = (id: string): string => `/orders/${id}`

/** The rows behind a number, as the server names them. */
export const rowsAt = ({ list, query }: { readonly list: string; readonly query: Values }): string =>
  withSearch(`/${list}`, query)
