import { lazyRouteComponent } from '@tanstack/react-router'
import { part } from './part.ts'
import { withTexts } from './texts.ts'

/** The component of a route, from the named export of its own file. */
export const lazyPage = <T extends Record<string, unknown>, K extends keyof T & string>(
  load: () => Promise<T>,
  name: K,
) => lazyRouteComponent(part(withTexts(load)), name)
