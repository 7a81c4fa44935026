import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ShieldAlert, ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Time } from '../../../kit/time.tsx'
import { ApiError, call } from '../../../lib/api.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking, keyOf } from '../../../lib/query.ts'
import { toast } from '../../../lib/toasts.ts'
import { useOrderTexts } from '../texts.ts'

const EVERY = 2000

/** Whether the chain over the ledger held when it was last recomputed, and when that was; it is never just claimed. */
export function ChainMark(): ReactNode {
  const t = useOrderTexts()
  const query = useQuery({
    ...asking('listJobs', { query: { kind: ['verify'], limit: 10 } }),
    refetchInterval: ({ state }) => (state.data?.items[0]?.status === 'running' ? EVERY : false),
  })
  const jobs = query.data?.items
  if (jobs === undefined) return null
  if (jobs[0]?.status === 'running') return <span className="d2">{t('chain.running')}</span>
  const last = jobs.find(job => job.status === 'done')
  if (last === undefined) return <Check />
  const broken = last.result?.tampered !== 0
  const Icon = broken ? ShieldAlert : ShieldCheck
  return (
    <Link to="/system/jobs" className={`row ${broken ? 'red' : 'green'}`} style={{ gap: 4 }}>
      <Icon size={13} aria-hidden />
      {t(broken ? 'chain.broken' : 'chain.holds')} <Time of={last.endedAt} />
    </Link>
  )
}

function Check(): ReactNode {
  const t = useOrderTexts()
  const client = useQueryClient()
  const unable = useUnable('audit.read')
  const verify = useMutation({
    mutationFn: () => call('verifyLedger', {}),
    onSettled: () => client.invalidateQueries({ queryKey: keyOf('listJobs') }),
    onError: error => toast(error instanceof ApiError ? error.detail : String(error), { tone: 'bad' }),
  })
  return (
    <Button small kind="ghost" unable={unable} busy={verify.isPending} onClick={() => verify.mutate()}>
      {t('chain.verify')}
    </Button>
  )
}
