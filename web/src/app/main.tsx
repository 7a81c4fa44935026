import '../kit/fonts.css'
import '../kit/styles/tokens.css'
import '../kit/styles/base.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { onSignedOut } from '../lib/api.ts'
import { namesQuery } from '../lib/codes.ts'
import { isDoor } from '../lib/door.ts'
import { followLink } from '../lib/link.ts'
import { startLive } from '../lib/live.ts'
import { followCounts } from '../lib/live-counts.ts'
import { followFacts } from '../lib/live-facts.ts'
import { followOutside, languageOf, usePrefs } from '../lib/prefs.ts'
import { queryClient } from '../lib/query.ts'
import { startTexts } from '../lib/texts.ts'
import { listenToKeys } from '../lib/verbs.ts'
import { Antd } from './antd.tsx'
import { router } from './router.tsx'

// Back to where one was, after the sign-in.
onSignedOut(() => {
  if (isDoor(location.pathname)) return
  void router.navigate({ to: '/sign-in', search: { next: location.pathname + location.search } })
})

async function main(): Promise<void> {
  followOutside()
  followLink()
  listenToKeys()
  // The sign-in loads the page anew.
  if (!isDoor(location.pathname)) {
    void queryClient.prefetchQuery(namesQuery)
    followCounts()
    followFacts()
    startLive()
  }
  await startTexts(languageOf(usePrefs.getState().language), ['app', 'kit'])
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no place for the console')
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Antd>
          <RouterProvider router={router} />
        </Antd>
      </QueryClientProvider>
    </StrictMode>,
  )
}

void main()
