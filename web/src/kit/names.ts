import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useMay, useMe } from '../lib/me.ts'
import { usePeople } from '../lib/people.ts'
import { asking } from '../lib/query.ts'
import { useKitTexts } from './texts.ts'
import { useLanguage } from './time.tsx'

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

/** A renamed rule is called so when it comes into force, which no event tells. */
const EVERY = 60_000

/** What a rule is called, from its id; the id where one may not see rules, and of those that have no text. */
export function useRuleName(): (id: string) => string {
  const language = useLanguage()
  const may = useMay('rule.read')
  const { data } = useQuery({ ...asking('listRuleNames', {}), enabled: may, staleTime: EVERY, refetchInterval: EVERY })
  const names = useMemo(() => new Map(data?.items.map(rule => [rule.id, rule.name])), [data])
  return useCallback(
    (id: string) => {
      const name = names.get(id)
      return (language === 'en' ? name?.en : name?.zh) || id
    },
    [names, language],
  )
}
