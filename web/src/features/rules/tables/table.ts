import type { Reply } from '../../../lib/api.ts'

export type Table = Reply<'getTable'>
