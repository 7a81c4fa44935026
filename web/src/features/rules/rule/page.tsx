import '../rules.css'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { Page } from '../../../kit/page.tsx'
import { View } from '../../../kit/states.tsx'
import { asking } from '../../../lib/query.ts'
import { Crumb } from '../crumb.tsx'
import { type Ground, groundOf } from '../model/ground.ts'
import { useRuleTexts } from '../texts.ts'
import { Editor } from './editor.tsx'

const ruleAt = getRouteApi('/rules/$id')
const newAt = getRouteApi('/rules/new')

/** A rule: what it says in both forms, what it would do, what it did, and its life. */
export function RulePage(): ReactNode {
  const t = useRuleTexts()
  const { id } = ruleAt.useParams()
  const search = ruleAt.useSearch()
  const query = useQuery({ ...asking('getRule', { params: { id } }), refetchInterval: 30_000 })
  return (
    <Page title={id} ownHeading crumbs={<Crumb />}>
      <View query={query} what={t('what')} rows={14}>
        {detail => <OnGround>{ground => <Editor key={id} {...{ id, detail, ground, search }} />}</OnGround>}
      </View>
    </Page>
  )
}

/** A rule that nobody saved yet. */
export function NewRulePage(): ReactNode {
  const t = useRuleTexts()
  const search = newAt.useSearch()
  return (
    <Page title={t('new.title')} ownHeading crumbs={<Crumb />}>
      <OnGround>{ground => <Editor id={null} detail={null} ground={ground} search={search} />}</OnGround>
    </Page>
  )
}

/** With the declared facts and calendars, which change with a release only. */
function OnGround({ children }: { children: (ground: Ground) => ReactNode }): ReactNode {
  const t = useRuleTexts()
  const query = useQuery({ ...asking('getRuleFacts', {}), staleTime: 300_000 })
  const ground = useMemo(() => query.data && groundOf(query.data), [query.data])
  return (
    <View query={{ ...query, data: ground, refetch: query.refetch }} what={t('what')} rows={14}>
      {children}
    </View>
  )
}
