import './order.css'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { OrderDetail } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Page } from '../../../kit/page.tsx'
import { Bars, Empty, Failed } from '../../../kit/states.tsx'
import { useNow } from '../../../kit/time.tsx'
import { ApiError } from '../../../lib/api.ts'
import { count } from '../../../lib/format.ts'
import { useVerbs, type Verb } from '../../../lib/verbs.ts'
import { type Neighbours, neighboursOf } from '../model/neighbours.ts'
import { usualIn } from '../model/outlook.ts'
import { step, ticksOf } from '../model/past.ts'
import { useOrderTexts } from '../texts.ts'
import { type OrderAddress, useOrderAddress } from './address.ts'
import { AsItWas } from './as-it-was.tsx'
import { GanttPane } from './gantt.tsx'
import { OrderHead } from './head.tsx'
import { LedgerDialog } from './ledger.tsx'
import { Lines } from './lines.tsx'
import { NodeLine } from './nodes.tsx'
import { NoteDialog } from './note.tsx'
import { Parcels } from './parcels.tsx'
import { type Facts, factsQuery, orderQuery, outlookQuery } from './queries.ts'
import { factsShown } from './seen.ts'
import { SideColumn } from './side.tsx'

/** One order as it is, or as it was at an instant. */
export function OrderPage(): ReactNode {
  const t = useOrderTexts()
  const address = useOrderAddress()
  const { id, past, at, by, fact, show, openFact } = address
  const [noting, setNoting] = useState(false)
  const order = useQuery(orderQuery(id, past, by))
  const facts = useQuery(factsQuery(id))
  const ticks = useMemo(() => ticksOf(facts.data?.items ?? [], by), [facts.data, by])
  useOrderVerbs({ at, show, ticks, openFact, note: () => setNoting(true) })
  const neighbours = useNeighbours(id)
  const crumbs = (
    <>
      <Link to="/orders">{t('title')}</Link>
      <ChevronRight size={13} aria-hidden />
    </>
  )
  const slider = <AsItWas ticks={ticks} at={at} by={by} onShow={show} onBy={address.showBy} />
  const { data, error, isPending, refetch } = order
  return (
    <Page title={data?.orderNo ?? id} crumbs={crumbs} hints={neighbours} ownHeading={data !== undefined}>
      {data === undefined ? (
        <NotThere error={error} pending={isPending} past={past !== undefined} retry={refetch} onNow={() => show(null)}>
          {slider}
        </NotThere>
      ) : (
        <Whole order={data} facts={facts} address={address} slider={slider} onNote={() => setNoting(true)} />
      )}
      {data !== undefined && <NoteDialog order={data} open={noting && at === null} onClose={() => setNoting(false)} />}
      <LedgerDialog facts={facts} at={at} by={by} fact={fact} onFact={openFact} />
    </Page>
  )
}

interface WholeProps {
  readonly order: OrderDetail
  readonly facts: UseQueryResult<Facts>
  readonly address: OrderAddress
  readonly slider: ReactNode
  readonly onNote: () => void
}

function Whole({ order, facts, address: { at, by, show, openFact }, slider, onNote }: WholeProps): ReactNode {
  const now = useNow()
  const outlook = useQuery(outlookQuery(order.id, at !== null))
  const usual = useMemo(() => usualIn(at === null ? outlook.data : undefined), [outlook.data, at])
  const said = useMemo(() => factsShown(facts.data?.items ?? [], at, by), [facts.data, at, by])
  return (
    <div className="ord">
      <OrderHead order={order} at={at} usual={usual} onNote={onNote} onNow={() => show(null)} />
      {slider}
      <NodeLine order={order} now={at ?? now} usual={usual} />
      <div className="ord-b">
        <div className="ord-main">
          <GanttPane order={order} now={at ?? now} usual={usual} />
          <Lines order={order} facts={said} />
          <Parcels order={order} facts={said} />
        </div>
        <SideColumn order={order} facts={facts} at={at} by={by} onFact={openFact} />
      </div>
    </div>
  )
}

/** The place in the list that led here, and the ways to the orders beside it. */
function useNeighbours(id: string): ReactNode {
  const t = useOrderTexts()
  const navigate = useNavigate()
  const found = useMemo(() => neighboursOf(id), [id])
  const verbs = useMemo((): Verb[] => {
    const go = (to: string | null | undefined) => (): void => {
      if (to != null) void navigate({ to: '/orders/$id', params: { id: to } })
    }
    if (found === null) return []
    const group = t('group.order')
    return [
      { id: 'order.next', label: t('verb.next'), group, keys: 'j', run: go(found.after) },
      { id: 'order.previous', label: t('verb.previous'), group, keys: 'k', run: go(found.before) },
    ]
  }, [t, found, navigate])
  useVerbs(verbs)
  return found && <Place of={found} />
}

function Place({ of: { before, after, place, total } }: { of: Neighbours }): ReactNode {
  const t = useOrderTexts()
  const way = (id: string | null, name: string, icon: ReactNode): ReactNode =>
    id !== null && (
      <Link to="/orders/$id" params={{ id }} aria-label={name} title={name} className="way">
        {icon}
      </Link>
    )
  return (
    <span className="row nw d2 sm" style={{ gap: 4 }}>
      {way(before, t('verb.previous'), <ChevronLeft size={14} aria-hidden />)}
      {t('nav.place', { place: count(place), total: count(total) })}
      {way(after, t('verb.next'), <ChevronRight size={14} aria-hidden />)}
    </span>
  )
}

interface OrderVerbs {
  readonly at: number | null
  readonly show: (at: number | null) => void
  readonly ticks: ReturnType<typeof ticksOf>
  readonly openFact: (seq: number | null) => void
  readonly note: () => void
}

function useOrderVerbs({ at, show, ticks, openFact, note }: OrderVerbs): void {
  const t = useOrderTexts()
  const group = t('group.order')
  const verbs: Verb[] = [
    { id: 'order.before', label: t('verb.before'), group, keys: '[', run: () => show(step(ticks, at, 'before')) },
    { id: 'order.after', label: t('verb.after'), group, keys: ']', run: () => show(step(ticks, at, 'after')) },
    { id: 'order.ledger', label: t('verb.ledger'), group, keys: 'l', run: () => openFact(0) },
    {
      ...{ id: 'order.note', label: t('verb.note'), group, keys: 'c', run: note },
      unable: at === null ? null : t('note.past'),
    },
    { id: 'order.copy', label: t('verb.copy'), group, run: () => void navigator.clipboard?.writeText(location.href) },
    ...(at === null ? [] : [{ id: 'order.now', label: t('verb.now'), group, keys: 'Escape', run: () => show(null) }]),
  ]
  // biome-ignore lint/correctness/useExhaustiveDependencies: the verbs follow from what they name, in the language of `t`
  useVerbs(useMemo(() => verbs, [t, at, ticks]))
}

interface NotThereProps {
  readonly error: unknown
  readonly pending: boolean
  readonly past: boolean
  readonly retry: () => unknown
  readonly onNow: () => void
  readonly children: ReactNode
}

/** Loading, failed, or an instant before the order was. */
function NotThere({ error, pending, past, retry, onNow, children }: NotThereProps): ReactNode {
  const t = useOrderTexts()
  if (error === null || error === undefined) return pending ? <Bars rows={12} /> : null
  if (past && error instanceof ApiError && error.status === 404) {
    return (
      <div className="ord">
        {children}
        <Empty title={t('past.nothing')} why={t('past.nothingWhy')}>
          <Button onClick={onNow}>{t('verb.now')}</Button>
        </Empty>
      </div>
    )
  }
  return <Failed what={t('what')} error={error} onRetry={() => void retry()} />
}
