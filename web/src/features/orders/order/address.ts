import { getRouteApi } from '@tanstack/react-router'

const route = getRouteApi('/orders/$id')

export interface OrderAddress {
  readonly id: string
  /** As it stands in the address; undefined: now. */
  readonly past: string | undefined
  /** The same as epoch ms; null: now. */
  readonly at: number | null
  readonly by: 'occurred' | 'known'
  /** The fact at which the ledger is open; 0: open at none; null: closed. */
  readonly fact: number | null
  show(at: number | null): void
  showBy(by: 'occurred' | 'known'): void
  openFact(seq: number | null): void
}

/** Which order is shown, at which instant, with what open: all of it stands in the address. */
export function useOrderAddress(): OrderAddress {
  const { id } = route.useParams()
  const { at, by, fact } = route.useSearch()
  const navigate = route.useNavigate()
  return {
    ...{ id, past: at, at: at === undefined ? null : Date.parse(at), by: by ?? 'occurred', fact: fact ?? null },
    show: instant =>
      void navigate({
        search: ({ at: _, ...rest }) => ({ ...rest, ...(instant !== null && { at: new Date(instant).toISOString() }) }),
        replace: true,
      }),
    showBy: value =>
      void navigate({ search: ({ by: _, ...rest }) => ({ ...rest, ...(value === 'known' && { by: value }) }) }),
    openFact: seq =>
      void navigate({ search: ({ fact: _, ...rest }) => ({ ...rest, ...(seq !== null && { fact: seq }) }) }),
  }
}
