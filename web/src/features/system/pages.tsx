import { useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { About } from './about.tsx'
import { Feeds } from './feeds.tsx'
import { Figures } from './figures.tsx'
import { Frame } from './frame.tsx'
import { Jobs } from './jobs.tsx'
import { Quarantine } from './quarantine.tsx'
import { Unmatched } from './unmatched.tsx'

export const FeedsPage = (): ReactNode => (
  <Frame tab="tab.feeds">
    <Feeds />
  </Frame>
)

export function WaitingPage(): ReactNode {
  const { status = 'open' } = useSearch({ from: '/system/waiting' })
  return (
    <Frame tab="tab.waiting">
      <Quarantine key={status} status={status} />
      <Unmatched />
    </Frame>
  )
}

export function JobsPage(): ReactNode {
  const { status } = useSearch({ from: '/system/jobs' })
  return (
    <Frame tab="tab.jobs">
      <Jobs status={status} />
    </Frame>
  )
}

export const FiguresPage = (): ReactNode => (
  <Frame tab="tab.figures">
    <Figures />
  </Frame>
)

export const AboutPage = (): ReactNode => (
  <Frame tab="tab.about">
    <About />
  </Frame>
)
