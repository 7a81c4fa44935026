import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { PersonItem } from '../../../src/contract/api/index.ts'
import { useMay, useMe } from './me.ts'
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

/** What somebody is called, from the actor that cases and facts name: their own name where it is known. */
export function useNames(): (actor: string) => string {
  const people = usePeople()
  const me = useMe()
  return useCallback(
    (actor: string) => {
      if (actor === me?.actor) return me.name
      return people.find(person => person.actor === actor)?.name ?? actor.slice(actor.indexOf(':') + 1)
    },
    [people, me],
  )
}
