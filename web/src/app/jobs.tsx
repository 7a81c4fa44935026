import './jobs.css'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import type { JobItem } from '../../../src/contract/api/jobs.ts'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { ProgressBar, useProgressWords } from '../kit/progress.tsx'
import { Empty, View } from '../kit/states.tsx'
import { Time, useLanguage } from '../kit/time.tsx'
import { ApiError, call } from '../lib/api.ts'
import { onLive } from '../lib/live.ts'
import { openOverlay, useOverlay } from '../lib/menu.ts'
import { asking, keyOf, readAgain } from '../lib/query.ts'
import { toast } from '../lib/toasts.ts'
import { useAppTexts } from './texts.ts'

const LATEST = asking('listJobs', { query: { limit: 20 } })

/** How many long jobs run right now. */
export function useRunningJobs(): number {
  const { data } = useQuery({ ...LATEST, refetchInterval: 60_000 })
  useEffect(
    () =>
      onLive(events => {
        // Jobs are no part of the ledger: what became of them while the stream was away is not told when it goes on.
        if (events.some(e => e.name === 'job' || e.name === 'hello')) readAgain({ queryKey: keyOf('listJobs') })
      }),
    [],
  )
  return data?.items.filter(job => job.status === 'running').length ?? 0
}

/** The one place for everything that takes long: how far it is, what came of it, and how to end it. */
export function Jobs(): ReactNode {
  const t = useAppTexts()
  const open = useOverlay(s => s.open === 'jobs')
  return (
    <Dialog open={open} title={t('jobs.title')} onClose={() => openOverlay(null)}>
      <div className="in">
        <List />
      </div>
    </Dialog>
  )
}

function List(): ReactNode {
  const t = useAppTexts()
  const query = useQuery(LATEST)
  return (
    <View
      query={query}
      what={t('jobs.title')}
      isEmpty={page => page.items.length === 0}
      empty={<Empty title={t('jobs.none')} why={t('jobs.noneWhy')} />}
    >
      {page => (
        <ul className="jobs">
          {page.items.map(job => (
            <Job key={job.id} job={job} />
          ))}
        </ul>
      )}
    </View>
  )
}

function Job({ job }: { job: JobItem }): ReactNode {
  const t = useAppTexts()
  const language = useLanguage()
  const name = language === 'en' ? job.name.en : job.name.zh
  return (
    <li>
      <div className="row">
        <b className="m el">{name}</b>
        <span className="d2 sm">{t(`job.${job.status}`)}</span>
        <span className="grow" />
        <span className="d2 sm">
          <Time of={job.createdAt} />
        </span>
        {job.status === 'running' && job.cancellable && <Cancel job={job} />}
      </div>
      {job.status === 'running' && <Bar job={job} name={name} />}
      {job.error !== null && <p className="red sm">{job.error.message}</p>}
    </li>
  )
}

function Bar({ job: { progress }, name }: { job: JobItem; name: string }): ReactNode {
  const wordsOf = useProgressWords()
  return (
    <>
      <ProgressBar of={progress} label={name} />
      <div className="d2 sm">{wordsOf(progress)}</div>
    </>
  )
}

function Cancel({ job }: { job: JobItem }): ReactNode {
  const t = useAppTexts()
  const client = useQueryClient()
  const cancel = useMutation({
    mutationFn: () => call('cancelJob', { params: { id: job.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf('listJobs') }),
    onError: error => toast(error instanceof ApiError ? error.detail : t('jobs.notCancelled'), { tone: 'bad' }),
  })
  return (
    <Button small kind="ghost" busy={cancel.isPending || job.cancelling} onClick={() => cancel.mutate()}>
      {job.cancelling ? t('jobs.cancelling') : t('jobs.cancel')}
    </Button>
  )
}
