import { RIGHT_IDS, type Right } from './rights.ts'

/** Over which orders and cases a right reaches; every field narrows. Lists are never empty. */
export interface Scope {
  readonly shops?: readonly string[]
  readonly warehouses?: readonly string[]
  /** Only cases that one of these owns: `user:anna`, `team:logistics`. */
  readonly owners?: readonly string[]
}

/** All there is, or what at least one of the scopes covers. */
export type Reach = 'all' | readonly Scope[]

/** Who acts. */
export interface Principal {
  readonly kind: 'person' | 'guest' | 'key' | 'system'
  readonly id: string
  readonly name: string
  /** As ledger and audit name it: `user:anna`, `key:shop-sync`, `system:cli`. */
  readonly actor: string
  /** Id of the session or the key by which they came. */
  readonly via?: string
  readonly rights: { readonly [R in Right]?: Reach }
}

/** What a scope is compared with: the shop and the warehouses of an order, the owner of a case. Null: not known. */
export interface Subject {
  readonly shop: string | null
  readonly warehouses?: readonly string[]
  readonly owner?: string | null
}

/**
 * The one question of access. Without a subject: whether the principal has the right over anything at all, which is what
 * a route asks at its door. With one: whether the right reaches that subject, which the verb asks on its first line.
 */
export function permits(principal: Principal, right: Right, subject?: Subject): boolean {
  const reach = principal.rights[right]
  if (reach === undefined) return false
  if (reach === 'all') return true
  return subject === undefined ? reach.length > 0 : reach.some(scope => covers(scope, subject))
}

/**
 * Whether all orders and all cases are within reach: then figures over all of them are the principal's own. What is counted
 * beforehand, over everybody's orders, has no other way to keep the shops of others to themselves.
 */
export const reachesAll = ({ rights }: Principal): boolean =>
  rights['order.read'] === 'all' && rights['case.read'] === 'all'

/** Whether a scope covers a subject: what is not known is not covered. */
export function covers({ shops, warehouses, owners }: Scope, subject: Subject): boolean {
  if (shops && (subject.shop === null || !shops.includes(subject.shop))) return false
  if (warehouses && !subject.warehouses?.some(w => warehouses.includes(w))) return false
  return owners === undefined || (subject.owner != null && owners.includes(subject.owner))
}

const EVERY_RIGHT: Principal['rights'] = Object.fromEntries(RIGHT_IDS.map(right => [right, 'all'] as const))

/** The system itself: the command line, which has the database anyway, and work that nobody asked for. */
export const systemPrincipal = (name: string): Principal => ({
  ...{ kind: 'system', id: name, name, actor: `system:${name}`, rights: EVERY_RIGHT },
})

/** Who is not signed in: has no right at all. Given to the handlers of public routes. */
export const NOBODY: Principal = { kind: 'guest', id: '', name: '', actor: 'guest:nobody', rights: {} }

const FOR = ' for '

/** How the actor of a deed on somebody's behalf is written: `key:crm for user:anna`. */
export const actorFor = (actor: string, behalf: string | null): string =>
  behalf === null ? actor : `${actor}${FOR}${behalf}`

/** The two in what `actorFor` wrote. */
export function actorOf(text: string): { readonly actor: string; readonly behalf: string | null } {
  const at = text.indexOf(FOR)
  return at < 0 ? { actor: text, behalf: null } : { actor: text.slice(0, at), behalf: text.slice(at + FOR.length) }
}

/** Who answers for a deed: the one on whose behalf it was done, else the actor. */
export function accountableOf(text: string): string {
  const { actor, behalf } = actorOf(text)
  return behalf ?? actor
}
