import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import type { CaseDetail } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { ApiError, call, newKey } from '../../../lib/api.ts'
import { useUnable } from '../../../lib/me.ts'
import { toast } from '../../../lib/toasts.ts'
import { shown, useVerbs, type Verb } from '../../../lib/verbs.ts'
import { useCaseTexts } from '../texts.ts'
import { type Ask, CaseDialog } from './dialog.tsx'

/** What can be done with a case as it stands: the next step is the solid button. */
export function CaseVerbs({ case: found }: { case: CaseDetail }): ReactNode {
  const t = useCaseTexts()
  const client = useQueryClient()
  const [ask, setAsk] = useState<Ask | null>(null)
  const work = useUnable('case.work')
  const close = useUnable('case.close')
  const params = { id: found.id }
  const fresh = (): void => {
    for (const key of ['getCase', 'caseTimeline', 'listCases']) void client.invalidateQueries({ queryKey: [key] })
  }
  const step = useMutation({
    mutationFn: (to: 'claim' | 'start') =>
      call(to === 'claim' ? 'acknowledgeCase' : 'startCase', { params, body: {}, idempotencyKey: newKey() }),
    onSuccess: fresh,
    onError: error => toast(error instanceof ApiError ? error.detail : String(error), { tone: 'bad' }),
  })
  const next = nextOf(found)
  const { mutate } = step
  const claimIt = useCallback(() => mutate('claim'), [mutate])
  const isOver = next === 'reopen'
  useCaseKeys({ next, work, close, onClaim: claimIt, onAsk: setAsk })
  return (
    <>
      <Button keys={shown('c')} unable={work} onClick={() => setAsk('note')}>
        {t('verb.note')}
      </Button>
      {!isOver && found.status !== 'resolved' && (
        <Button unable={work} onClick={() => setAsk('resolve')}>
          {t('verb.resolve')}
        </Button>
      )}
      {!isOver && (
        <Button
          kind={next === 'close' ? 'solid' : 'plain'}
          keys={shown('r')}
          unable={close}
          onClick={() => setAsk('close')}
        >
          {t('verb.close')}
        </Button>
      )}
      {(next === 'claim' || next === 'start') && (
        <Button kind="solid" unable={work} busy={step.isPending} onClick={() => step.mutate(next)}>
          {t(`verb.${next}`)}
        </Button>
      )}
      {isOver && (
        <Button unable={close} onClick={() => setAsk('reopen')}>
          {t('verb.reopen')}
        </Button>
      )}
      <CaseDialog key={ask ?? ''} case={found} ask={ask} onClose={() => setAsk(null)} onDone={fresh} />
    </>
  )
}

type Next = 'claim' | 'start' | 'close' | 'reopen'

const NEXT: Readonly<Record<string, Next>> = {
  open: 'claim',
  acknowledged: 'start',
  closed: 'reopen',
  cleared: 'reopen',
}

const nextOf = ({ status }: CaseDetail): Next => NEXT[status] ?? 'close'

interface CaseKeys {
  readonly next: Next
  readonly work: string | null
  readonly close: string | null
  readonly onClaim: () => void
  readonly onAsk: (ask: Ask) => void
}

/** The same verbs by keyboard and in the command menu. */
function useCaseKeys({ next, work, close, onClaim, onAsk }: CaseKeys): void {
  const t = useCaseTexts()
  const group = t('group')
  const { claim, note, end } = { claim: t('verb.claim'), note: t('verb.note'), end: t('verb.close') }
  const verbs = useMemo((): Verb[] => {
    const first: Verb = { id: 'case.claim', label: claim, group, keys: 'e', unable: work, run: onClaim }
    const last: Verb = { id: 'case.close', label: end, group, keys: 'r', unable: close, run: () => onAsk('close') }
    return [
      ...(next === 'claim' ? [first] : []),
      { id: 'case.note', label: note, group, keys: 'c', unable: work, run: () => onAsk('note') },
      ...(next === 'reopen' ? [] : [last]),
    ]
  }, [next, group, work, close, claim, note, end, onClaim, onAsk])
  useVerbs(verbs)
}
