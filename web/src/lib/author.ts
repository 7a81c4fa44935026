/** Who wrote something, from the actor of a fact: `user:anna`, `system:sweep`, `rule:R-104`, `feed:web`, `key:erp`. */
export type AuthorKind = 'person' | 'outside' | 'rule' | 'system'

export interface Author {
  readonly kind: AuthorKind
  /** Without its kind. */
  readonly name: string
}

const KINDS: Readonly<Record<string, AuthorKind>> = {
  user: 'person',
  rule: 'rule',
  feed: 'outside',
  channel: 'outside',
  carrier: 'outside',
  key: 'outside',
}

export function authorOf(actor: string): Author {
  const at = actor.indexOf(':')
  const kind = at < 0 ? actor : actor.slice(0, at)
  return { kind: KINDS[kind] ?? 'system', name: at < 0 ? actor : actor.slice(at + 1) }
}
