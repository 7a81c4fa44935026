import type { Reply } from '../../../lib/api.ts'

export type RightInfo = Reply<'listRights'>['items'][number]
