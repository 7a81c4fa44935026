import { useQuery } from '@tanstack/react-query'
import type { PersonItem } from '../../../src/contract/api/index.ts'
import { useMay } from './me.ts'
import { asking } from './query.ts'

/** More people than this are found by typing, not by scrolling. */
const MOST = 200

/** Who works here, as far as one may see it; empty until it is known. */
export function usePeople(): readonly PersonItem[] {
  const may = useMay('user.read')
  const query = useQuery({ ...asking('listPeople', { query: { limit: MOST } }), enabled: may, staleTime: 60_000 })
  return query.data?.items ?? NOBODY
}

const NOBODY: readonly PersonItem[] = []
