import { createRouter } from '@tanstack/react-router'
import { accessRoutes } from '../features/access/route.ts'
import { caseRoute, casesRoute } from '../features/cases/route.ts'
import { cockpitRoute } from '../features/cockpit/route.ts'
import { galleryRoute } from '../features/gallery/route.ts'
import { orderRoute, ordersRoute } from '../features/orders/route.ts'
import { ruleRoutes } from '../features/rules/route.ts'
import {
  systemAboutRoute,
  systemFeedsRoute,
  systemFiguresRoute,
  systemJobsRoute,
  systemRoute,
  systemWaitingRoute,
} from '../features/system/route.ts'
import { Bars } from '../kit/states.tsx'
import { rootRoute } from '../lib/root-route.ts'
import { BrokenPage, MissingPage } from './odd-pages.tsx'
import { Shell } from './shell.tsx'

// biome-ignore format: one line for each feature, so that two of them can be added at once
const features = [
  cockpitRoute,
  casesRoute, caseRoute,
  ordersRoute, orderRoute,
  systemRoute, systemFeedsRoute, systemWaitingRoute, systemJobsRoute, systemFiguresRoute, systemAboutRoute,
  ...ruleRoutes,
  galleryRoute,
  ...accessRoutes,
] as const

export const router = createRouter({
  routeTree: rootRoute.update({ component: Shell }).addChildren([...features]),
  defaultPreload: 'intent',
  defaultPendingMs: 100,
  // A page that is there is shown, however short the wait for it was.
  defaultPendingMinMs: 0,
  defaultPendingComponent: () => <Bars rows={8} />,
  defaultNotFoundComponent: MissingPage,
  defaultErrorComponent: BrokenPage,
  scrollRestoration: true,
  // What a page does not read off its address is not there for it: `validateSearch` is the only door.
  search: { strict: true },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
