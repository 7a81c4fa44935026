import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { QuarantineItem } from '../../../../src/contract/api/index.ts'
import { Button, Segment } from '../../kit/button.tsx'
import { Pane } from '../../kit/region.tsx'
import { Empty, View } from '../../kit/states.tsx'
import { Time } from '../../kit/time.tsx'
import { ApiError, call, type Reply } from '../../lib/api.ts'
import { keyOf } from '../../lib/query.ts'
import { toast } from '../../lib/toasts.ts'
import { Counted } from './counted.tsx'
import { useReason } from './reasons.ts'
import { type Replay, useReplay } from './replay.ts'
import { useSystemTexts } from './texts.ts'

type Page = Reply<'listQuarantine'>
type Status = 'open' | 'replayed'

const MANY = 50
const EVERY = 15_000
/** A list that was read far is not read again and again. */
const REFRESHED_PAGES = 2

function useQuarantine(status: Status) {
  return useInfiniteQuery({
    queryKey: keyOf('listQuarantine', { status }),
    queryFn: ({ pageParam, signal }) =>
      call('listQuarantine', {
        query: { status: [status], limit: MANY, ...(pageParam !== null && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page) => page.next,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= REFRESHED_PAGES ? EVERY : false),
  })
}

/** What could not take effect, why, and another try. */
export function Quarantine({ status }: { status: Status }): ReactNode {
  const t = useSystemTexts()
  const query = useQuarantine(status)
  const items = query.data?.pages.flatMap(page => page.items) ?? []
  const replay = useReplay()
  return (
    <Pane
      title={t('quarantine.title')}
      sub={<Counted of={query.data?.pages[0]?.total} />}
      end={<Which status={status} />}
    >
      <p className="lead">{t('quarantine.lead')}</p>
      <View
        query={query}
        what={t('quarantine.title')}
        isEmpty={(data: InfiniteData<Page>) => data.pages[0]?.items.length === 0}
        empty={<Empty title={t('quarantine.none')} why={t('quarantine.noneWhy')} />}
      >
        {() => <Table items={items} replay={replay} />}
      </View>
      <div className="foot row">
        {query.hasNextPage && (
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('more')}
          </Button>
        )}
        {status === 'open' && items.some(row => row.replayable) && <All items={items} replay={replay} />}
      </div>
    </Pane>
  )
}

function Which({ status }: { status: Status }): ReactNode {
  const t = useSystemTexts()
  const navigate = useNavigate()
  return (
    <Segment<Status>
      label={t('quarantine.status')}
      value={status}
      options={[
        { value: 'open', label: t('quarantine.open') },
        { value: 'replayed', label: t('quarantine.replayed') },
      ]}
      onChange={next =>
        void navigate({ to: '/system/waiting', search: next === 'replayed' ? { status: next } : {}, replace: true })
      }
    />
  )
}

/** One after the other: each has an outcome of its own. */
function All({ items, replay }: { items: readonly QuarantineItem[]; replay: Replay }): ReactNode {
  const t = useSystemTexts()
  const client = useQueryClient()
  const [done, setDone] = useState<number | null>(null)
  const wanted = items.filter(row => row.replayable)
  const run = async (): Promise<void> => {
    let refused = 0
    for (const [i, row] of wanted.entries()) {
      setDone(i)
      if (!(await replay.one(row.id))) refused++
    }
    setDone(null)
    toast(t('replay.done', { done: wanted.length - refused, refused }))
    await client.invalidateQueries({ queryKey: keyOf('listQuarantine') })
  }
  return (
    <>
      <Button busy={done !== null} onClick={() => void run()}>
        {t('replay.all')}
      </Button>
      <span className="d2 sm" role="status">
        {done !== null && t('replay.running', { done, total: wanted.length })}
      </span>
    </>
  )
}

function Table({ items, replay }: { items: readonly QuarantineItem[]; replay: Replay }): ReactNode {
  const t = useSystemTexts()
  return (
    <table className="t">
      <thead>
        <tr>
          <th>{t('col.at')}</th>
          <th>{t('col.stage')}</th>
          <th>{t('col.source')}</th>
          <th>{t('col.type')}</th>
          <th>{t('col.why')}</th>
          <th>{t('col.order')}</th>
          <th>
            <span className="sr">{t('replay')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(row => (
          <Row key={row.id} row={row} replay={replay} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ row, replay }: { row: QuarantineItem; replay: Replay }): ReactNode {
  const t = useSystemTexts()
  const reasonOf = useReason()
  return (
    <tr>
      <td>
        <Time of={row.at} />
      </td>
      <td>{t(`stage.${row.stage}`)}</td>
      <td className="el" title={row.source}>
        {row.source}
      </td>
      <td className="mono el" title={row.type}>
        {row.type}
      </td>
      <td className="say">
        <details>
          <summary>
            {reasonOf(row.code, row.error)} <span className="mono d2">{row.code}</span>
          </summary>
          <pre>{JSON.stringify(row.error, null, 2)}</pre>
        </details>
      </td>
      <td>
        {row.order?.startsWith('o-') && (
          <Link className="l" to="/orders/$id" params={{ id: row.order }}>
            {t('row.open')}
          </Link>
        )}
      </td>
      <td className="say">
        <Outcome row={row} replay={replay} />
      </td>
    </tr>
  )
}

/** What was wrong with it this time; a refusal without flaws is that of an id which stands for something else. */
function whyOf(error: unknown, reasonOf: ReturnType<typeof useReason>): string {
  if (!(error instanceof ApiError)) return String(error)
  if (error.code !== 'still_refused') return error.detail
  return reasonOf('event_conflict', { problems: error.problem?.errors })
}

/** The verb, and what came of it: said in the row that it belongs to. */
function Outcome({ row, replay }: { row: QuarantineItem; replay: Replay }): ReactNode {
  const t = useSystemTexts()
  const reasonOf = useReason()
  const outcome = replay.outcomes.get(row.id)
  if (row.status === 'replayed' || outcome === 'done') return <span className="green">{t('replay.ok')}</span>
  if (!row.replayable) return <span className="d2">{t('replay.impossible')}</span>
  return (
    <>
      <Button small busy={outcome === 'running'} onClick={() => void replay.one(row.id)}>
        {t('replay')}
      </Button>
      {outcome !== undefined && outcome !== 'running' && (
        <p className="red sm" role="alert">
          {t('replay.refused', { why: whyOf(outcome.refused, reasonOf) })}
        </p>
      )}
    </>
  )
}
