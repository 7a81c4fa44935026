import { caseAt, orderAt, ruleAt } from '../../../lib/addresses.ts'

const peopleAt = (handle: string): string => `/people?q=${encodeURIComponent(handle)}`

const PAGES: { readonly [kind: string]: (id: string) => string } = {
  order: orderAt,
  case: caseAt,
  rule: ruleAt,
  person: peopleAt,
  api_key: () => '/keys',
  role: () => '/roles',
  table: id => `/rules/tables/${encodeURIComponent(id)}`,
  job: () => '/system/jobs',
  quarantine: () => '/system/waiting',
  erasure: () => '/personal-data',
  retention: () => '/backups',
}

/** Where the subject of an entry is looked at; null when it has no page. */
export const subjectAt = ({ kind, id }: { readonly kind: string; readonly id: string }): string | null =>
  PAGES[kind]?.(id) ?? null

/** Where somebody who acted is looked at. */
export function actorAt(actor: string): string | null {
  const [kind, handle = ''] = actor.split(':')
  if (kind === 'user') return peopleAt(handle)
  return kind === 'key' ? '/keys' : null
}

const ID = '[0-9a-hjkmnp-tv-z]{26}'
const ORDER = new RegExp(`^o-${ID}$`)
const CASE = new RegExp(`^c-${ID}$`)

/** What a value of a change names, when it is one of ours. */
export function idAt(value: string): { readonly kind: string; readonly to: string } | null {
  if (ORDER.test(value)) return { kind: 'order', to: orderAt(value) }
  if (CASE.test(value)) return { kind: 'case', to: caseAt(value) }
  return null
}
