import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useRuleTexts } from '../texts.ts'

/** The pages about all rules. */
export function RuleTabs(): ReactNode {
  const t = useRuleTexts()
  const exact = { exact: true, includeSearch: false }
  return (
    <nav className="tabs" aria-label={t('title')}>
      <Link to="/rules" activeOptions={exact}>
        {t('tab.rules')}
      </Link>
      <Link to="/rules/tables">{t('tab.tables')}</Link>
      <Link to="/rules/baselines" activeOptions={exact}>
        {t('tab.baselines')}
      </Link>
      <Link to="/rules/findings" activeOptions={exact}>
        {t('tab.findings')}
      </Link>
      <Link to="/rules/changes" activeOptions={exact}>
        {t('tab.changes')}
      </Link>
    </nav>
  )
}
