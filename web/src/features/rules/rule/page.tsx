import '../rules.css'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { Page } from '../../../kit/page.tsx'
import { View, type ViewProps } from '../../../kit/states.tsx'
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
  const ground = useGround()
  return (
    <Page title={id} ownHeading={query.data !== undefined && ground.data !== undefined} crumbs={<Crumb />}>
      <View query={query} what={t('what')} rows={14}>
        {detail => (
          <View query={ground} what={t('what')} rows={14}>
            {on => <Editor key={id} {...{ id, detail, ground: on, search }} />}
          </View>
        )}
      </View>
    </Page>
  )
}

/** A rule that nobody saved yet. */
export function NewRulePage(): ReactNode {
  const t = useRuleTexts()
  const search = newAt.useSearch()
  const ground = useGround()
  return (
    <Page title={t('new.title')} ownHeading={ground.data !== undefined} crumbs={<Crumb />}>
      <View query={ground} what={t('what')} rows={14}>
        {on => <Editor id={null} detail={null} ground={on} search={search} />}
      </View>
    </Page>
  )
}

/** The declared facts and calendars, which change with a release only. */
function useGround(): ViewProps<Ground>['query'] {
  const query = useQuery({ ...asking('getRuleFacts', {}), staleTime: 300_000 })
  const ground = useMemo(() => query.data && groundOf(query.data), [query.data])
  return { ...query, data: ground }
}
