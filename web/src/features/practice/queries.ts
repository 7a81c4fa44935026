import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Practice, PracticeShop } from '../../../../src/contract/api/index.ts'
import { ApiError, type Args, call } from '../../lib/api.ts'
import { useLink } from '../../lib/link.ts'
import { asking, keyOf } from '../../lib/query.ts'
import { toast } from '../../lib/toasts.ts'
import { setWorldTime, worldNow } from '../../lib/world-time.ts'
import { usePracticeTexts } from './texts.ts'

/** The clock of the world is asked for this often, ms; an offer only changes when the first order comes. */
const CLOCK_EVERY = 2000
const OFFER_EVERY = 30_000

/** The practice shop of this world, or whether one is offered. Sets the clock of the console. */
export function usePractice(): Practice | null {
  const { data } = useQuery({
    ...asking('getPractice', {}),
    // Before anything is drawn with the answer: no clock of the page shows the machine's time first.
    queryFn: async ({ signal }) => {
      const answer = await call('getPractice', { signal })
      if (answer.shop) tellClock(answer.shop)
      return answer
    },
    refetchInterval: query => (query.state.data?.world === 'practice' ? CLOCK_EVERY : OFFER_EVERY),
  })
  const shop = data?.shop
  useEffect(() => {
    if (!shop) return
    // This answer was heard before the clock was set, by the clock of the machine.
    useLink.setState({ worldAt: worldNow() })
  }, [shop])
  return data ?? null
}

const tellClock = (shop: PracticeShop): void => setWorldTime(Date.parse(shop.now), speedOf(shop), shop.behind)

export const speedOf = ({ phase, paused, speed }: PracticeShop): number => (paused || phase !== 'running' ? 0 : speed)

type Verb = 'setPractice' | 'triggerIncident' | 'endIncident' | 'startPractice'

/** A verb of the practice shop; its answer is the new state. A refusal is said in a toast, there is no row it belongs to. */
export function usePracticeVerb<K extends Verb>(verb: K) {
  const t = usePracticeTexts()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (args: Args<K>) => call(verb, args),
    onSuccess: answer => {
      client.setQueryData(keyOf('getPractice', {}), answer)
      const state = client.getQueryData<Practice>(keyOf('getPractice', {}))
      if (state?.shop) tellClock(state.shop)
    },
    onError: error => toast(t('refused', { why: wordsOf(error) }), { tone: 'bad' }),
  })
}

export const wordsOf = (error: unknown): string =>
  error instanceof ApiError && error.detail !== '' ? error.detail : String(error)

/** The address as this browser reaches it: by the name that it uses for this one. */
export function fromHere(url: string): string {
  const there = new URL(url)
  there.hostname = location.hostname
  return there.href
}
