/**
 * Who wrote something, from the actor of a fact: `user:anna`, `system:sweep`, `rule:R-104`, `table:approval@2`, `feed:web`, `key:erp`; of a deed
 * on somebody's behalf `key:crm for user:anna`.
 */
export type AuthorKind = 'person' | 'outside' | 'rule' | 'system'

export interface Author {
  readonly kind: AuthorKind
  /** Who answers for it, as cases name an owner. */
  readonly actor: string
  /** The same without its kind. */
  readonly name: string
  /** Who did it for them. */
  readonly by: string | null
}

const KINDS: Readonly<Record<string, AuthorKind>> = {
  user: 'person',
  rule: 'rule',
  table: 'rule',
  feed: 'outside',
  channel: 'outside',
  carrier: 'outside',
  key: 'outside',
}

const FOR = ' for '

/** Of a deed on somebody's behalf it is they who answer for it. */
export function authorOf(actor: string): Author {
  const split = actor.indexOf(FOR)
  const accountable = split < 0 ? actor : actor.slice(split + FOR.length)
  return {
    kind: KINDS[kindOf(accountable)] ?? 'system',
    actor: accountable,
    name: bare(accountable),
    by: split < 0 ? null : bare(actor.slice(0, split)),
  }
}

/** The name that a person signs in with; null for whoever is no person, as a key that is called like one. */
export const signInOf = (actor: string): string | null => (kindOf(actor) === 'user' ? bare(actor) : null)

const kindOf = (actor: string): string => actor.split(':', 1)[0] ?? actor

/** Without its kind. */
export const bare = (actor: string): string => actor.slice(actor.indexOf(':') + 1)
