import './cockpit.css'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { Page } from '../../kit/page.tsx'
import { useLanguage, useNow } from '../../kit/time.tsx'
import { onLive } from '../../lib/live.ts'
import { keyOf } from '../../lib/query.ts'
import { Feed } from './feed.tsx'
import { Headline } from './headline.tsx'
import { Sources } from './sources.tsx'
import { useCockpitTexts } from './texts.ts'
import { Urgent } from './urgent.tsx'

export function CockpitPage(): ReactNode {
  const t = useCockpitTexts()
  useFreshCases()
  return (
    <Page title={t('title')} ownHeading>
      <div className="cockpit">
        <div className="title">
          <Today />
          <span className="grow" />
          <Sources />
        </div>
        <Headline />
        <div className="body">
          <div className="left">
            <Urgent />
          </div>
          <div className="right">
            <Feed />
          </div>
        </div>
      </div>
    </Page>
  )
}

function Today(): ReactNode {
  const language = useLanguage()
  const day = new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric', weekday: 'long' })
  return <h1>{day.format(useNow())}</h1>
}

/** Figures are asked for again at most so often while things change. */
const CALM = 2_000

function useFreshCases(): void {
  const client = useQueryClient()
  useEffect(() => {
    let timer = 0
    const off = onLive(events => {
      if (timer !== 0 || !events.some(e => e.name === 'case')) return
      timer = window.setTimeout(() => {
        timer = 0
        void client.invalidateQueries({ queryKey: keyOf('listCases') })
        void client.invalidateQueries({ queryKey: keyOf('summariseCases') })
      }, CALM)
    })
    return () => {
      off()
      window.clearTimeout(timer)
    }
  }, [client])
}
