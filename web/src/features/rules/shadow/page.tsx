import '../rules.css'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Go } from '../../../kit/go.tsx'
import { Page } from '../../../kit/page.tsx'
import { Pane } from '../../../kit/region.tsx'
import { Spark } from '../../../kit/spark.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { caseAt, orderAt } from '../../../lib/addresses.ts'
import { call, type Reply } from '../../../lib/api.ts'
import { count, percent } from '../../../lib/format.ts'
import { keyOf } from '../../../lib/query.ts'
import { Crumb } from '../crumb.tsx'
import { useRuleTexts } from '../texts.ts'

const at = getRouteApi('/rules/$id/shadow')

type Report = Reply<'getRuleShadow'>

/** What a version in shadow would have done, and what became of those orders without it. */
export function ShadowPage(): ReactNode {
  const t = useRuleTexts()
  const { id } = at.useParams()
  const { version } = at.useSearch()
  const pages = useInfiniteQuery({
    queryKey: keyOf('getRuleShadow', { id, version }),
    queryFn: ({ pageParam, signal }) =>
      call('getRuleShadow', {
        params: { id },
        query: { limit: 50, ...(version !== undefined && { version }), ...(pageParam !== '' && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: page => page.next,
    refetchInterval: 30_000,
  })
  return (
    <Page title={t('shadow.title')} crumbs={<Crumb rule={id} />}>
      <View query={pages} what={t('shadow.what')} rows={8}>
        {({ pages: got }) => got[0] && <Told report={got[0]} items={got.flatMap(page => page.items)} />}
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

function Told({ report, items }: { report: Report; items: Report['items'] }): ReactNode {
  const t = useRuleTexts()
  const of = (n: number): string => (report.orders === 0 ? '—' : `${percent(n / report.orders, 0)} %`)
  const figures = [
    { name: t('shadow.hits'), value: report.hits, note: t('shadow.orders', { count: report.orders }) },
    { name: t('shadow.touched'), value: report.touched, note: of(report.touched) },
    { name: t('shadow.late'), value: report.late, note: of(report.late) },
    { name: t('shadow.cancelled'), value: report.cancelled, note: of(report.cancelled) },
    { name: t('shadow.withCase'), value: report.withCase, note: of(report.withCase) },
    { name: t('shadow.both'), value: report.both, note: t('shadow.ofLive', { count: count(report.liveOrders) }) },
  ]
  return (
    <div className="shadow">
      <p className="pad d1">
        {t('shadow.since', { version: report.version })} <Time of={report.since} />
        {report.until === null ? (
          ` ${t('shadow.runs')}`
        ) : (
          <>
            {' '}
            – <Time of={report.until} />
          </>
        )}{' '}
        <span className="d2">{t('shadow.why')}</span>
      </p>
      <dl className="bt pad">
        {figures.map(({ name, value, note }) => (
          <div key={name}>
            <dt className="d2 sm">{name}</dt>
            <dd className="v">{count(value)}</dd>
            <dd className="xs d2">{note}</dd>
          </div>
        ))}
      </dl>
      {report.days.length > 1 && (
        <p className="pad row">
          <Spark values={report.days.map(day => day.hits)} width={320} />
          <span className="sm d2">{t('shadow.days', { days: report.days.length })}</span>
        </p>
      )}
      <Pane title={t('shadow.list')}>
        {items.length === 0 ? <Empty title={t('shadow.none')} why={t('shadow.noneWhy')} /> : <Table items={items} />}
      </Pane>
    </div>
  )
}

function Table({ items }: Pick<Report, 'items'>): ReactNode {
  const t = useRuleTexts()
  return (
    <div className="rules-t">
      <table className="t">
        <thead>
          <tr>
            <th>{t('hits.order')}</th>
            <th>{t('hits.at')}</th>
            <th>{t('shadow.cleared')}</th>
            <th>{t('shadow.case')}</th>
            <th className="num">{t('shadow.acts')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(item => (
            <tr key={`${item.order} ${item.raisedAt}`}>
              <td>
                <Go className="l" to={orderAt(item.order)}>
                  <bdi>{item.orderNo ?? item.order}</bdi>
                </Go>
              </td>
              <td>
                <Time of={item.raisedAt} />
              </td>
              <td>{item.clearedAt === null ? t('shadow.holds') : <Time of={item.clearedAt} />}</td>
              <td>
                {item.case && (
                  <Go className="l" to={caseAt(item.case.id)}>
                    {t('shadow.open')}
                  </Go>
                )}
              </td>
              <td className="num">{count(item.acts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
