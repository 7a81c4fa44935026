import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { FeedItem } from '../../../../src/contract/api/index.ts'
import { Named } from '../../kit/named.tsx'
import { Pane } from '../../kit/region.tsx'
import { Empty, View } from '../../kit/states.tsx'
import { type Column, Table } from '../../kit/table.tsx'
import { Tag } from '../../kit/tag.tsx'
import { Time, useNow } from '../../kit/time.tsx'
import { count, duration } from '../../lib/format.ts'
import { asking } from '../../lib/query.ts'
import { useSystemTexts } from './texts.ts'

const EVERY = 10_000

/** Which outside systems speak and in which rhythm, how long they take, and what of theirs is kept back or has no order. */
export function Feeds(): ReactNode {
  const t = useSystemTexts()
  const query = useQuery({ ...asking('listFeeds', {}), refetchInterval: EVERY })
  const columns = useFeedColumns()
  return (
    <Pane title={t('tab.feeds')} sub={query.data && count(query.data.items.length)}>
      <p className="lead">{t('feeds.lead')}</p>
      <View
        query={query}
        what={t('tab.feeds')}
        rows={6}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty title={t('feeds.none')} why={t('feeds.noneWhy')}>
            <a className="btn" href="/openapi.json">
              {t('feeds.how')}
            </a>
          </Empty>
        }
      >
        {({ items }) => <Table items={items} keyOf={feed => feed.name} columns={columns} />}
      </View>
    </Pane>
  )
}

function useFeedColumns(): readonly Column<FeedItem>[] {
  const t = useSystemTexts()
  return useMemo(
    (): Column<FeedItem>[] => [
      {
        head: t('col.feed'),
        className: 'm',
        cut: { at: 220, text: feed => feed.name },
        cell: feed => <Named kind="feed" code={feed.name} />,
      },
      { head: t('col.state'), cell: feed => <State of={feed} /> },
      { head: t('col.heard'), cell: feed => <Heard of={feed} /> },
      {
        head: t('col.rhythm'),
        num: true,
        cell: ({ rhythm }) => pair(rhythm && rhythm.beats > 1 ? [rhythm.usual, rhythm.slow] : null),
      },
      { head: t('col.silentAt'), cell: feed => <SilentAt of={feed} /> },
      { head: t('col.keeps'), cell: feed => <Keeps of={feed} /> },
      { head: t('col.lag'), num: true, cell: ({ lag }) => pair(lag && [lag.typical, lag.slow]) },
      { head: t('col.lastOrder'), cell: feed => <Time of={feed.lastOrderAt} /> },
      { head: t('col.waiting'), num: true, cell: feed => <Waiting of={feed} /> },
    ],
    [t],
  )
}

interface Of {
  readonly of: FeedItem
}

/** The usual one, and the slowest. */
const pair = (spans: readonly [number, number] | null | undefined): string =>
  spans == null ? '—' : spans.map(duration).join(' / ')

function State({ of: { rhythm } }: Of): ReactNode {
  const t = useSystemTexts()
  if (rhythm == null) return <span className="d2">{t('feed.unknown')}</span>
  if (rhythm.silentSince !== null) return <Tag tone="red">{t('feed.silent')}</Tag>
  return rhythm.learned ? t('feed.speaks') : <span className="d2">{t('feed.learns', { count: rhythm.beats })}</span>
}

function Heard({ of: { rhythm, lastHeardAt } }: Of): ReactNode {
  const t = useSystemTexts()
  const at = lastHeardAt ?? rhythm?.heardAt ?? null
  return at === null ? <span className="d2">{t('feed.never')}</span> : <Time of={at} />
}

/** Since when it is silent, or when it will count as silent if nothing comes; nothing as long as its rhythm is not known. */
function SilentAt({ of: { rhythm } }: Of): ReactNode {
  const t = useSystemTexts()
  if (rhythm == null) return '—'
  if (rhythm.silentSince !== null)
    return (
      <span className="red">
        {t('feed.since')} <Time of={rhythm.silentSince} />
      </span>
    )
  return rhythm.silentAt === null ? <span className="d2">{t('feed.afterWeek')}</span> : <Time of={rhythm.silentAt} />
}

/** What a silence keeps back, and until when at the latest: a feed that is gone must not mute rules for ever. */
function Keeps({ of: { rhythm } }: Of): ReactNode {
  const t = useSystemTexts()
  const now = useNow()
  if (rhythm == null || rhythm.silentSince === null) return '—'
  const until = rhythm.keepsUntil === null ? null : Date.parse(rhythm.keepsUntil)
  if (until !== null && until <= now) return <span className="d2">{t('feed.keepsOver')}</span>
  return (
    <span className="amber">
      {t('feed.keeps', { count: rhythm.keptBack === 1 ? 1 : count(rhythm.keptBack) })} <Time of={until} />
    </span>
  )
}

function Waiting({ of: { waiting, overdue } }: Of): ReactNode {
  const t = useSystemTexts()
  if (waiting === 0) return '0'
  return (
    <>
      {overdue && <Tag tone="amber">{t('feed.overdue')}</Tag>}{' '}
      <Link className="l" to="/system/waiting">
        {count(waiting)}
      </Link>
    </>
  )
}
