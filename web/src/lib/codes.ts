import { asking } from './query.ts'

/** What codes are called: asked for once, as it changes with a restart of the server only. */
export const namesQuery = { ...asking('listNames', {}), staleTime: Number.POSITIVE_INFINITY }
