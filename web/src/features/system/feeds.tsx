import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { FeedItem } from '../../../../src/contract/api/index.ts'
import { Pane } from '../../kit/region.tsx'
import { Empty, View } from '../../kit/states.tsx'
import { Tag } from '../../kit/tag.tsx'
import { Time } from '../../kit/time.tsx'
import { count, duration } from '../../lib/format.ts'
import { asking } from '../../lib/query.ts'
import { useSystemTexts } from './texts.ts'

const EVERY = 10_000

/** Which outside systems speak, how long they take, and what of theirs has no order. */
export function Feeds(): ReactNode {
  const t = useSystemTexts()
  const query = useQuery({ ...asking('listFeeds', {}), refetchInterval: EVERY })
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
        {({ items }) => <Table items={items} />}
      </View>
    </Pane>
  )
}

function Table({ items }: { items: readonly FeedItem[] }): ReactNode {
  const t = useSystemTexts()
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('col.feed')}</th>
          <th>{t('col.heard')}</th>
          <th className="num">{t('col.typical')}</th>
          <th className="num">{t('col.slow')}</th>
          <th className="num">{t('col.messages')}</th>
          <th>{t('col.lastOrder')}</th>
          <th className="num">{t('col.waiting')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(feed => (
          <Row key={feed.name} feed={feed} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ feed }: { feed: FeedItem }): ReactNode {
  const t = useSystemTexts()
  const { name, lag, lastHeardAt, lastOrderAt, waiting, overdue } = feed
  return (
    <tr>
      <td className="m el" title={name}>
        {name}
      </td>
      <td>{lastHeardAt === null ? <span className="d2">{t('feed.never')}</span> : <Time of={lastHeardAt} />}</td>
      <td className="num">{lag === null ? '—' : duration(lag.typical)}</td>
      <td className="num">{lag === null ? '—' : duration(lag.slow)}</td>
      <td className="num">{lag === null ? '—' : count(lag.messages)}</td>
      <td>
        <Time of={lastOrderAt} />
      </td>
      <td className="num">
        {overdue && <Tag tone="amber">{t('feed.overdue')}</Tag>}{' '}
        {waiting > 0 ? (
          <Link className="l" to="/system/waiting">
            {count(waiting)}
          </Link>
        ) : (
          '0'
        )}
      </td>
    </tr>
  )
}
