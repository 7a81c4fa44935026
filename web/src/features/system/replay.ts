import { useCallback, useMemo, useState } from 'react'
import { call } from '../../lib/api.ts'

type Outcome = 'running' | 'done' | { readonly refused: unknown }

export interface Replay {
  readonly outcomes: ReadonlyMap<string, Outcome>
  /** Resolves with whether it took effect; never rejects. */
  one(id: string): Promise<boolean>
}

/** Replays rows, and remembers what came of each while the page is open. */
export function useReplay(): Replay {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map())
  const tell = useCallback(
    (id: string, outcome: Outcome) => setOutcomes(before => new Map(before).set(id, outcome)),
    [],
  )
  const one = useCallback(
    async (id: string): Promise<boolean> => {
      tell(id, 'running')
      try {
        await call('replayQuarantined', { params: { id } })
        tell(id, 'done')
        return true
      } catch (error) {
        tell(id, { refused: error })
        return false
      }
    },
    [tell],
  )
  return useMemo(() => ({ outcomes, one }), [outcomes, one])
}
