import './system.css'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Page } from '../../kit/page.tsx'
import { useSystemTexts } from './texts.ts'

const TABS = [
  { to: '/system/feeds', text: 'tab.feeds' },
  { to: '/system/waiting', text: 'tab.waiting' },
  { to: '/system/jobs', text: 'tab.jobs' },
  { to: '/system/figures', text: 'tab.figures' },
  { to: '/system/about', text: 'tab.about' },
] as const

type Tab = (typeof TABS)[number]['text']

/** The pages of the system, side by side. */
export function Frame({ tab, children }: { tab: Tab; children: ReactNode }): ReactNode {
  const t = useSystemTexts()
  return (
    <Page title={t(tab)} crumbs={<span>{t('title')} /</span>}>
      <nav className="tabs" aria-label={t('tabs')}>
        {TABS.map(({ to, text }) => (
          <Link key={to} to={to}>
            {t(text)}
          </Link>
        ))}
      </nav>
      <div className="system">{children}</div>
    </Page>
  )
}
