import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useNameOf } from '../kit/names.ts'
import { asking } from '../lib/query.ts'
import type { Verb } from '../lib/verbs.ts'
import { useAppTexts } from './texts.ts'

const LEAST = 2
const PAUSE = 180

/** Orders that have the typed text as one of their numbers, as verbs that open them. */
export function useFoundOrders(text: string): readonly Verb[] {
  const t = useAppTexts()
  const channelName = useNameOf('channel')
  const navigate = useNavigate()
  const q = usePaused(text.trim())
  const { data } = useQuery({ ...asking('listOrders', { query: { q, limit: 6 } }), enabled: q.length >= LEAST })
  if (q.length < LEAST || data === undefined) return []
  return data.items.map(order => ({
    id: `order.${order.id}`,
    label: `${order.orderNo} · ${channelName(order.channel)}`,
    group: t('group.orders'),
    run: () => void navigate({ to: '/orders/$id', params: { id: order.id } }),
  }))
}

/** The text once somebody stopped typing. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text)
  useEffect(() => {
    const timer = window.setTimeout(() => setPaused(text), PAUSE)
    return () => window.clearTimeout(timer)
  }, [text])
  return paused
}
