import type { Principal, Reach, Scope } from '../../contract/principal.ts'
import { RIGHT_IDS, RIGHTS, type Right } from '../../contract/rights.ts'
import type { Assignment, Cell, Narrowing, Role } from './types.ts'

/** Who the assignments are of, as far as `team` and `own` ask. */
export interface Whose {
  /** `user:anna`. */
  readonly actor: string
  /** Owners whose cases count as the team's: `team:logistics`, and everybody in it. */
  readonly teamOwners: readonly string[]
}

/** What somebody may do: each assignment adds, none takes away. A role that is not there any more gives nothing. */
export function rightsOf(
  assignments: readonly Assignment[],
  roles: ReadonlyMap<string, Role>,
  whose: Whose,
): Principal['rights'] {
  const given = assignments.flatMap(({ role, ...narrowing }) => {
    const cells = roles.get(role)?.cells
    return cells ? [{ cells, narrowing }] : []
  })
  return byRight(right =>
    given.flatMap(({ cells, narrowing }) => scopesOf({ right, cell: cells[right], narrowing, whose })),
  )
}

/** What a key may do: its rights, narrowed as a whole. */
export const rightsOfKey = (rights: readonly Right[], narrowing: Narrowing): Principal['rights'] =>
  byRight(right =>
    scopesOf({
      right,
      cell: rights.includes(right) ? 'all' : undefined,
      narrowing,
      whose: { actor: '', teamOwners: [] },
    }),
  )

function byRight(scopesFor: (right: Right) => readonly Scope[]): Principal['rights'] {
  const rights: { [R in Right]?: Reach } = {}
  for (const right of RIGHT_IDS) {
    const scopes = scopesFor(right)
    if (scopes.length > 0) rights[right] = scopes.some(isWhole) ? 'all' : scopes
  }
  return rights
}

const isWhole = ({ shops, warehouses, owners }: Scope): boolean => !shops && !warehouses && !owners

const WHOLE: readonly Scope[] = [{}]
const NOTHING: readonly Scope[] = []

interface Given {
  readonly right: Right
  readonly cell: Cell | undefined
  readonly narrowing: Narrowing
  readonly whose: Whose
}

function scopesOf({ right, cell, narrowing, whose }: Given): readonly Scope[] {
  if (cell === undefined) return NOTHING
  const { shops, warehouses } = narrowing
  switch (RIGHTS[right].about) {
    case 'free':
      return WHOLE
    case 'whole':
      return shops || warehouses ? NOTHING : WHOLE
    case 'shop':
    case 'order':
      return [narrowed(narrowing)]
    case 'case':
      return [{ ...narrowed(narrowing), ...ownersOf(cell, whose) }]
  }
}

const narrowed = ({ shops, warehouses }: Narrowing): Scope => ({
  ...(shops && { shops }),
  ...(warehouses && { warehouses }),
})

function ownersOf(cell: Cell, { actor, teamOwners }: Whose): Pick<Scope, 'owners'> {
  if (cell === 'all') return {}
  return { owners: cell === 'own' ? [actor] : [...new Set([actor, ...teamOwners])] }
}

/** Whether everything in `wanted` is also within `own`: nobody gives away what they do not have. */
export function isWithin(wanted: Principal['rights'], own: Principal['rights']): boolean {
  return RIGHT_IDS.every(right => {
    const reach = wanted[right]
    return reach === undefined || isReachWithin(reach, own[right] ?? [])
  })
}

function isReachWithin(wanted: Reach, own: Reach): boolean {
  if (own === 'all') return true
  return wanted !== 'all' && wanted.every(scope => own.some(mine => isScopeWithin(scope, mine)))
}

const isScopeWithin = (wanted: Scope, own: Scope): boolean =>
  isListWithin(wanted.shops, own.shops) &&
  isListWithin(wanted.warehouses, own.warehouses) &&
  isListWithin(wanted.owners, own.owners)

const isListWithin = (wanted: readonly string[] | undefined, own: readonly string[] | undefined): boolean =>
  own === undefined || (wanted?.every(item => own.includes(item)) ?? false)
