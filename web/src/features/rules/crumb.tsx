import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { useRuleTexts } from './texts.ts'

/** The way back to the list of rules. */
export function Crumb(): ReactNode {
  const t = useRuleTexts()
  return (
    <>
      <Link className="l" to="/rules">
        {t('title')}
      </Link>
      <ChevronRight size={13} aria-hidden />
    </>
  )
}
