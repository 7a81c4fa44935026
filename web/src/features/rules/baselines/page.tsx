import '../rules.css'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import type { BaselineItem } from '../../../../../src/contract/api/baselines.ts'
import { Button } from '../../../kit/button.tsx'
import { useNameOf } from '../../../kit/names.ts'
import { Page } from '../../../kit/page.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { ApiError, call, type Reply } from '../../../lib/api.ts'
import { count, duration } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking, keyOf } from '../../../lib/query.ts'
import { toast } from '../../../lib/toasts.ts'
import { RuleTabs } from '../list/tabs.tsx'
import { useSaid } from '../sentence/said.ts'
import { useRuleTexts } from '../texts.ts'

/** How long orders usually stay in each node, lane by lane, with how the stays are spread. */
export function BaselinesPage(): ReactNode {
  const t = useRuleTexts()
  const pages = useInfiniteQuery({
    queryKey: keyOf('listBaselines', {}),
    queryFn: ({ pageParam, signal }) =>
      call('listBaselines', { query: { limit: 100, ...(pageParam !== '' && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: page => page.next,
  })
  return (
    <Page title={t('tab.baselines')}>
      <RuleTabs />
      <View
        query={pages}
        what={t('tab.baselines')}
        rows={10}
        isEmpty={({ pages: got }) => got[0]?.version === null}
        empty={
          <Empty title={t('base.none')} why={t('base.noneWhy')}>
            <Learn />
          </Empty>
        }
      >
        {({ pages: got }) => got[0] && <Told first={got[0]} items={got.flatMap(page => page.items)} />}
      </View>
      {pages.hasNextPage && (
        <div className="pad">
          <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t('shadow.more')}
          </Button>
        </div>
      )}
    </Page>
  )
}

const OFTEN = 1000

function Learn(): ReactNode {
  const t = useRuleTexts()
  const client = useQueryClient()
  const unable = useUnable('rule.publish')
  const [begun, begin] = useState<string | null>(null)
  const learn = useMutation({
    mutationFn: () => call('learnBaselines', {}),
    onSuccess: ({ id }) => {
      toast(t('base.begun'))
      begin(id)
      void client.invalidateQueries({ queryKey: keyOf('listJobs') })
    },
    onError: error => toast(error instanceof ApiError ? error.detail : t('refused.unreachable'), { tone: 'bad' }),
  })
  const job = useQuery({
    ...asking('getJob', { params: { id: begun ?? '' } }),
    enabled: begun !== null,
    refetchInterval: ({ state: { data } }) => (data === undefined || data.status === 'running' ? OFTEN : false),
  })
  const status = job.data?.status
  useEffect(() => {
    // What was learned stands there when the job has ended.
    if (status !== undefined && status !== 'running')
      void client.invalidateQueries({ queryKey: keyOf('listBaselines') })
    if (status === 'failed') toast(t('base.failed'), { tone: 'bad' })
  }, [status, client, t])
  const runs = begun !== null && job.error === null && (status === undefined || status === 'running')
  return (
    <Button unable={unable} busy={learn.isPending || runs} onClick={() => learn.mutate()}>
      {t('base.learn')}
    </Button>
  )
}

function Told({ first, items }: { first: Reply<'listBaselines'>; items: readonly BaselineItem[] }): ReactNode {
  const t = useRuleTexts()
  return (
    <>
      <div className="row wrap pad">
        <span className="d1">
          {t('base.version', { version: first.version ?? 0 })} <Time of={first.activeFrom} />
        </span>
        <span className="d2 sm">{t('base.why', { fewest: count(first.fewest) })}</span>
        <span className="grow" />
        <Learn />
      </div>
      {/* Nothing in it can be focused, so that it scrolls by keys itself. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls */}
      <section className="rules-t" tabIndex={0} aria-label={t('tab.baselines')}>
        <table className="t">
          <thead>
            <tr>
              <th>{t('base.node')}</th>
              <th>{t('base.lane')}</th>
              <th className="num">{t('base.samples')}</th>
              <th className="num">{t('base.p50')}</th>
              <th className="num">{t('base.p90')}</th>
              <th className="num">{t('base.p95')}</th>
              <th className="num">{t('base.p99')}</th>
              <th>{t('base.spread')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map(item => (
              <Row key={`${item.node} ${item.lane}`} item={item} />
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

/** `channel/region`, with the name of the channel. */
function laneName(lane: string, channelName: (code: string) => string): string {
  const [channel = '', ...region] = lane.split('/')
  return [channelName(channel), ...region].join('/')
}

function Row({ item }: { item: BaselineItem }): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const channelName = useNameOf('channel')
  return (
    <tr>
      <td className="m">{said(item.label)}</td>
      <td>
        <bdi title={item.lane}>{item.lane === '' ? t('base.all') : laneName(item.lane, channelName)}</bdi>
      </td>
      <td className="num">{count(item.samples)}</td>
      <td className="num">{duration(item.p50)}</td>
      <td className="num">{duration(item.p90)}</td>
      <td className="num b">{duration(item.p95)}</td>
      <td className="num">{duration(item.p99)}</td>
      <td>
        <Spread points={item.points} p95={item.p95} />
      </td>
    </tr>
  )
}

const [WIDTH, HEIGHT] = [150, 24]

/** Bars of how many stays ended by when; those above p95 are amber. The figures stand beside it. */
function Spread({ points, p95 }: Pick<BaselineItem, 'points' | 'p95'>): ReactNode {
  const most = Math.max(1, ...points.map(point => point.n))
  const step = WIDTH / Math.max(1, points.length)
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
      {points.map((point, i) => {
        const height = Math.max(1, (point.n / most) * (HEIGHT - 2))
        const fill = point.upTo > p95 ? 'var(--amber-fill)' : 'var(--bar)'
        return (
          <rect
            key={point.upTo}
            x={i * step}
            y={HEIGHT - height}
            width={Math.max(1, step - 1)}
            height={height}
            fill={fill}
          />
        )
      })}
    </svg>
  )
}
