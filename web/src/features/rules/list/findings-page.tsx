import '../rules.css'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Page } from '../../../kit/page.tsx'
import { asking } from '../../../lib/query.ts'
import { useRuleTexts } from '../texts.ts'
import { FindingList } from './finding-list.tsx'
import { RuleTabs } from './tabs.tsx'

/** What is odd about the rules that stand together. */
export function FindingsPage(): ReactNode {
  const t = useRuleTexts()
  const query = useQuery({ ...asking('lintRules', { body: {} }), staleTime: 60_000 })
  return (
    <Page title={t('tab.findings')}>
      <RuleTabs />
      <p className="d1 pad">{t('findings.lead')}</p>
      <FindingList query={query} />
    </Page>
  )
}
