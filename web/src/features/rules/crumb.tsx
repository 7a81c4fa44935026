import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { useRuleName } from '../../kit/names.ts'
import { useRuleTexts } from './texts.ts'

/** The way back to the list of rules, and to the rule that a page is about. */
export function Crumb({ rule }: { rule?: string }): ReactNode {
  const t = useRuleTexts()
  const ruleName = useRuleName()
  return (
    <>
      <Link className="l" to="/rules">
        {t('title')}
      </Link>
      <ChevronRight size={13} aria-hidden />
      {rule !== undefined && (
        <>
          <Link className="l el" to="/rules/$id" params={{ id: rule }}>
            {ruleName(rule)}
          </Link>
          <ChevronRight size={13} aria-hidden />
        </>
      )}
    </>
  )
}
