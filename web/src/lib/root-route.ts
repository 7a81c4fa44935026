import { createRootRoute } from '@tanstack/react-router'

/** The top of all routes; features hang theirs on it, the app gives it its frame. */
export const rootRoute = createRootRoute()
