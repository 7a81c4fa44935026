import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { JobItem } from '../../../../src/contract/api/index.ts'
import { useAuthorName } from '../../kit/author.tsx'
import { Button, Segment } from '../../kit/button.tsx'
import { ProgressBar, useProgressWords } from '../../kit/progress.tsx'
import { Pane } from '../../kit/region.tsx'
import { Empty, View } from '../../kit/states.tsx'
import { Tag } from '../../kit/tag.tsx'
import { Time, useLanguage } from '../../kit/time.tsx'
import { ApiError, call } from '../../lib/api.ts'
import { duration } from '../../lib/format.ts'
import { asking, keyOf } from '../../lib/query.ts'
import { toast } from '../../lib/toasts.ts'
import { JOB_FILTERS, type JobFilter } from './model.ts'
import { useSystemTexts } from './texts.ts'

const EVERY = 3000

/** Everything that took or takes long, with its result. */
export function Jobs({ status }: { status: JobFilter | undefined }): ReactNode {
  const t = useSystemTexts()
  const asked = asking('listJobs', { query: { limit: 100, ...(status && { status: [status] }) } })
  const query = useQuery({
    ...asked,
    refetchInterval: one => (one.state.data?.items.some(job => job.status === 'running') ? EVERY : false),
  })
  return (
    <Pane title={t('tab.jobs')} end={<Verbs status={status} />}>
      <p className="lead">{t('jobs.lead')}</p>
      <View
        query={query}
        what={t('tab.jobs')}
        isEmpty={page => page.items.length === 0}
        empty={<Empty title={t('jobs.none')} why={t('jobs.noneWhy')} />}
      >
        {page => <Table items={page.items} />}
      </View>
    </Pane>
  )
}

function Verbs({ status }: { status: JobFilter | undefined }): ReactNode {
  const t = useSystemTexts()
  const navigate = useNavigate()
  const client = useQueryClient()
  const verify = useMutation({
    mutationFn: () => call('verifyLedger', {}),
    onSuccess: () => {
      toast(t('jobs.started'))
      void client.invalidateQueries({ queryKey: keyOf('listJobs') })
    },
    onError: error => toast(t('refused', { why: refusalOf(error) }), { tone: 'bad' }),
  })
  return (
    <span className="row">
      <Segment<JobFilter | 'all'>
        label={t('col.state')}
        value={status ?? 'all'}
        options={[
          { value: 'all', label: t('job.all') },
          ...JOB_FILTERS.map(value => ({ value, label: t(`job.${value}`) })),
        ]}
        onChange={next =>
          void navigate({ to: '/system/jobs', search: next === 'all' ? {} : { status: next }, replace: true })
        }
      />
      <Button small busy={verify.isPending} onClick={() => verify.mutate()}>
        {t('jobs.verify')}
      </Button>
    </span>
  )
}

const refusalOf = (error: unknown): string =>
  error instanceof ApiError && error.detail !== '' ? error.detail : String(error)

function Table({ items }: { items: readonly JobItem[] }): ReactNode {
  const t = useSystemTexts()
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('col.job')}</th>
          <th>{t('col.state')}</th>
          <th>{t('col.progress')}</th>
          <th>{t('col.who')}</th>
          <th>{t('col.began')}</th>
          <th className="num">{t('col.took')}</th>
          <th>
            <span className="sr">{t('jobs.cancel')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(job => (
          <Row key={job.id} job={job} />
        ))}
      </tbody>
    </table>
  )
}

const TONES = { running: 'accent', done: 'plain', failed: 'red', cancelled: 'plain' } as const

function Row({ job }: { job: JobItem }): ReactNode {
  const t = useSystemTexts()
  const language = useLanguage()
  const nameOf = useAuthorName()
  const wordsOf = useProgressWords()
  const { progress, status } = job
  return (
    <tr>
      <td className="m">{language === 'en' ? job.name.en : job.name.zh}</td>
      <td>
        <Tag tone={TONES[status]}>{t(`job.${status}`)}</Tag>
      </td>
      <td className="say">
        {status === 'running' && <ProgressBar of={progress} label={t('col.progress')} />}{' '}
        <span className="d1">{wordsOf(progress)}</span>
        {job.error !== null && <p className="red sm">{job.error.message}</p>}
      </td>
      <td className="el" title={job.actor}>
        {nameOf(job.actor)}
      </td>
      <td>
        <Time of={job.createdAt} />
      </td>
      <td className="num">
        {job.endedAt === null ? '—' : duration(Date.parse(job.endedAt) - Date.parse(job.createdAt))}
      </td>
      <td>{job.cancellable && <Cancel job={job} />}</td>
    </tr>
  )
}

function Cancel({ job }: { job: JobItem }): ReactNode {
  const t = useSystemTexts()
  const client = useQueryClient()
  const cancel = useMutation({
    mutationFn: () => call('cancelJob', { params: { id: job.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keyOf('listJobs') }),
    onError: error => toast(t('refused', { why: refusalOf(error) }), { tone: 'bad' }),
  })
  return (
    <Button small busy={cancel.isPending || job.cancelling} onClick={() => cancel.mutate()}>
      {t(job.cancelling ? 'jobs.cancelling' : 'jobs.cancel')}
    </Button>
  )
}
