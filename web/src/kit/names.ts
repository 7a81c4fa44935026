import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { Label } from '../../../src/contract/facts.ts'
import type { NameKind } from '../../../src/contract/names.ts'
import { bare, signInOf } from '../lib/author.ts'
import { namesQuery } from '../lib/codes.ts'
import { useMay, useMe } from '../lib/me.ts'
import { usePeople } from '../lib/people.ts'
import type { Language } from '../lib/prefs.ts'
import { asking } from '../lib/query.ts'
import { useKitTexts } from './texts.ts'
import { useLanguage } from './time.tsx'

/** What a code of a kind is called; one that nobody named is its own name. */
export function useNaming(): (kind: NameKind, code: string) => string {
  const language = useLanguage()
  const { data } = useQuery(namesQuery)
  const names = useMemo(() => new Map(data?.items.map(({ kind, code, name }) => [`${kind} ${code}`, name])), [data])
  return useCallback(
    (kind, code) => {
      const found = (kind === 'feed' ? FEEDS : [kind]).flatMap(one => names.get(`${one} ${code}`) ?? [])
      return wordIn(found[0], language) ?? code
    },
    [names, language],
  )
}

/** A feed mostly has the code of what it speaks for: that one's name does for both. */
const FEEDS: readonly NameKind[] = ['feed', 'channel', 'warehouse', 'carrier']

/** The same of one kind. */
export function useNameOf(kind: NameKind): (code: string) => string {
  const naming = useNaming()
  return useCallback((code: string) => naming(kind, code), [naming, kind])
}

/** The facts, as rules, evidence and decision tables name them, whose codes have names. */
const NAMED_FACTS: ReadonlyMap<string, NameKind> = new Map(
  Object.entries({
    ...{ 'order.channel': 'channel', 'case.channel': 'channel', 'parcels.carrier': 'carrier', 'feed.name': 'feed' },
    ...{ 'order.customerTier': 'tier', 'case.tier': 'tier', team: 'team', warehouse: 'warehouse', carrier: 'carrier' },
  } as const),
)

/** What the code that a fact holds is called; null for facts that hold no such code. */
export function useFactNames(): (path: string) => ((code: string) => string) | null {
  const naming = useNaming()
  return useCallback(
    (path: string) => {
      const kind = NAMED_FACTS.get(path)
      return kind === undefined ? null : code => naming(kind, code)
    },
    [naming],
  )
}

/** The code of what somebody typed by its name or by its code, in capitals or not; else what they typed. */
export function useCodeOf(kind: NameKind): (typed: string) => string {
  const { data } = useQuery(namesQuery)
  return useMemo(() => {
    const items = data?.items.filter(item => item.kind === kind) ?? []
    const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
    return typed =>
      items.find(({ code, name }) => [code, name.zh, name.en].some(word => same(word, typed)))?.code ?? typed
  }, [data, kind])
}

const wordIn = (name: Label | undefined, language: Language): string | undefined =>
  language === 'en' ? name?.en : name?.zh

/** What somebody is called, from the actor that cases and facts name: their own name where it is known. */
export function useNames(): (actor: string) => string {
  const t = useKitTexts()
  const [teamName, personName] = [useNameOf('team'), useNameOf('person')]
  const people = usePeople()
  const me = useMe()
  return useCallback(
    (actor: string) => {
      if (actor === me?.actor) return me.name
      if (actor === 'system') return t('author.system')
      if (actor.startsWith('team:')) return teamName(actor.slice('team:'.length))
      const own = people.find(person => person.actor === actor)?.name
      const signIn = signInOf(actor)
      return own ?? (signIn === null ? bare(actor) : personName(signIn))
    },
    [people, me, t, teamName, personName],
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
      const called = names.get(code)?.map(({ name }) => wordIn(name, language))
      return [...new Set(called)].filter(name => name !== '').join(' / ') || code
    },
    [names, language],
  )
}

/** What a rule is called, from its id; the id where one may not see rules, and of those that have no text. */
export const useRuleName = (): ((id: string) => string) => useNamesOfRules('id')

/** What cases of a type are called: as the rules that open them; the type where there are none. */
export const useTypeName = (): ((type: string) => string) => useNamesOfRules('type')
