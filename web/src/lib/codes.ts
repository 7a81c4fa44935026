import { asking } from './query.ts'

/** What codes are called: it changes with a restart of the server only, so a console that stays open asks now and then. */
export const namesQuery = { ...asking('listNames', {}), staleTime: 300_000 }
