import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ApiError, type Reply } from '../../../lib/api.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import type { Draft } from '../model/draft.ts'
import { useRuleTexts } from '../texts.ts'
import { useSettled } from './settled.ts'

export interface PreviewState {
  /** What the server said of the newest condition that it was asked for. */
  readonly of: Reply<'previewRule'> | null
  /** That was of a text before the one that stands there now. */
  readonly stale: boolean
  /** The first answer is on its way. */
  readonly counting: boolean
  readonly unable: string | null
  /** Why the newest question was not answered; what stands there is older then. */
  readonly failed: string | null
}

/** Minutes of the world go on while nobody types. */
const AGAIN = 30_000

/** What the condition finds now and would have found, while it is typed. */
export function usePreview({ text, checked }: Draft): PreviewState {
  const t = useRuleTexts()
  const unable = useUnable('order.read')
  const settled = useSettled(text)
  const { when, constants } = settled
  const query = useQuery({
    ...asking('previewRule', { body: { when, constants, ...(settled.for !== undefined && { for: settled.for }) } }),
    enabled: unable === null && checked.ok && settled.when === text.when,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN,
  })
  const stale = query.isPlaceholderData || settled !== text || !checked.ok
  const failed =
    query.error === null ? null : (query.error instanceof ApiError && query.error.detail) || t('refused.unreachable')
  return {
    of: query.data ?? null,
    stale,
    counting: unable === null && checked.ok && query.data === undefined,
    unable,
    failed,
  }
}
