import { useCallback } from 'react'
import { useMe } from '../lib/me.ts'
import { usePeople } from '../lib/people.ts'
import { useKitTexts } from './texts.ts'

/** Teams that the shipped rules speak of. Others are called what whoever made them wrote. */
const TEAMS = ['service', 'logistics', 'finance', 'warehouse', 'production', 'sales', 'data'] as const

export function useTeamName(): (team: string) => string {
  const t = useKitTexts()
  return useCallback(
    (team: string) => {
      const known = TEAMS.find(one => one === team)
      return known === undefined ? team : t(`team.${known}`)
    },
    [t],
  )
}

/** What somebody is called, from the actor that cases and facts name: their own name where it is known. */
export function useNames(): (actor: string) => string {
  const t = useKitTexts()
  const teamName = useTeamName()
  const people = usePeople()
  const me = useMe()
  return useCallback(
    (actor: string) => {
      if (actor === me?.actor) return me.name
      if (actor === 'system') return t('author.system')
      if (actor.startsWith('team:')) return teamName(actor.slice('team:'.length))
      return people.find(person => person.actor === actor)?.name ?? actor.slice(actor.indexOf(':') + 1)
    },
    [people, me, t, teamName],
  )
}
