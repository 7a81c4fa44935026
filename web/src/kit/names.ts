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

/** Tiers of customers as most shops have them. Others are called what the shop calls them. */
const TIERS = ['normal', 'silver', 'gold', 'vip'] as const

export function useTierName(): (tier: string) => string {
  const t = useKitTexts()
  return useCallback(
    (tier: string) => {
      const known = TIERS.find(one => one === tier)
      return known === undefined ? tier : t(`tier.${known}`)
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

function useNamesOfRules(by: 'id' | 'type'): (code: string) => string {
  const language = useLanguage()
  const may = useMay('rule.read')
  const { data } = useQuery({ ...asking('listRuleNames', {}), enabled: may, staleTime: EVERY, refetchInterval: EVERY })
  const names = useMemo(() => Map.groupBy(data?.items ?? [], rule => rule[by]), [data, by])
  return useCallback(
    (code: string) => {
      const called = names.get(code)?.map(({ name }) => (language === 'en' ? name.en : name.zh))
      return [...new Set(called)].filter(name => name !== '').join(' / ') || code
    },
    [names, language],
  )
}

/** What a rule is called, from its id; the id where one may not see rules, and of those that have no text. */
export const useRuleName = (): ((id: string) => string) => useNamesOfRules('id')

/** What cases of a type are called: as the rules that open them; the type where there are none. */
export const useTypeName = (): ((type: string) => string) => useNamesOfRules('type')
