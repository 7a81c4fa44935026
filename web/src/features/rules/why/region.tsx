import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Go } from '../../../kit/go.tsx'
import { Popup } from '../../../kit/popup.tsx'
import { Pane } from '../../../kit/region.tsx'
import { View } from '../../../kit/states.tsx'
import { orderAt } from '../../../lib/addresses.ts'
import { clockTime, count, dayOf, isSameDay } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import { worldNow } from '../../../lib/world-time.ts'
import type { Editing } from '../rule/editing.ts'
import type { PreviewState } from '../rule/preview.ts'
import { Refused } from '../rule/refused.tsx'
import { useSettled } from '../rule/settled.ts'
import { useRuleTexts } from '../texts.ts'
import { Tree } from './tree.tsx'

interface Chosen {
  readonly order: string
  /** Null while only its id is known. */
  readonly orderNo: string | null
}

/** Why the condition holds for an order or does not, now or at an instant before; and what flips next. */
export function Why(editing: Editing & { preview: PreviewState }): ReactNode {
  const t = useRuleTexts()
  const { preview, search } = editing
  const [chosen, choose] = useState<Chosen | null>(
    search.order === undefined ? null : { order: search.order, orderNo: null },
  )
  const [at, setAt] = useState(search.at ?? '')
  const unable = useUnable('order.read')
  const first = preview.of?.matches[0] ?? preview.of?.flips[0] ?? null
  const shown = chosen ?? first
  if (unable !== null)
    return (
      <Pane title={t('why.title')}>
        <p className="d2 pad">{unable}</p>
      </Pane>
    )
  return (
    <Pane
      title={t('why.title')}
      sub={
        shown && (
          <Go className="l" to={orderAt(shown.order)}>
            <bdi className="order-no">{shown.orderNo ?? shown.order}</bdi>
          </Go>
        )
      }
      end={<OrderPick onPick={choose} />}
    >
      <div className="pad">
        <AtPick at={at} onAt={setAt} />
        {shown === null ? (
          <p className="d2">{t('why.none')}</p>
        ) : (
          <Explained {...editing} order={shown.order} at={at} />
        )}
      </div>
      <Now preview={preview} onPick={choose} />
    </Pane>
  )
}

function Explained({ draft, shown, order, at }: Editing & { readonly order: string; readonly at: string }): ReactNode {
  const t = useRuleTexts()
  const { when, constants } = useSettled(draft.text)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const query = useQuery({
    ...asking('explainRule', {
      body: { order, when, constants, zone, ...(at !== '' && { at: new Date(at).toISOString() }) },
    }),
    enabled: draft.checked.ok,
    placeholderData: keepPreviousData,
    refetchInterval: at === '' ? 30_000 : false,
  })
  if (!draft.checked.ok && query.data === undefined) return <p className="d2">{t('sentence.unread')}</p>
  return (
    <View query={query} what={t('why.title')} rows={5}>
      {told => <Tree of={told} version={draft.changed ? null : (shown?.version ?? null)} />}
    </View>
  )
}

/** `2026-11-11T08:00:07` by the reader's clock. */
function localOf(text: string): string {
  const date = new Date(text)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

function AtPick({ at, onAt }: { at: string; onAt: (at: string) => void }): ReactNode {
  const t = useRuleTexts()
  return (
    <div className="row sm">
      <label className="row d2">
        {t('why.at')}
        <input
          type="datetime-local"
          step={1}
          className="pick"
          value={at === '' ? '' : localOf(at)}
          onChange={event => onAt(event.target.value === '' ? '' : new Date(event.target.value).toISOString())}
        />
      </label>
      {at === '' ? (
        <span className="d2">{t('why.now')}</span>
      ) : (
        <Button small kind="ghost" onClick={() => onAt('')}>
          {t('why.back')}
        </Button>
      )}
    </div>
  )
}

/** Another order, by its number. */
function OrderPick({ onPick }: { onPick: (chosen: Chosen) => void }): ReactNode {
  const t = useRuleTexts()
  return (
    <Popup button={{ small: true, kind: 'ghost', children: t('why.other') }} label={t('why.other')}>
      {close => (
        <FindOrder
          onPick={chosen => {
            close()
            onPick(chosen)
          }}
        />
      )}
    </Popup>
  )
}

function FindOrder({ onPick }: { onPick: (chosen: Chosen) => void }): ReactNode {
  const t = useRuleTexts()
  const [find, setFind] = useState('')
  const q = useSettled(find.trim())
  const query = useQuery({ ...asking('listOrders', { query: { q, limit: 10 } }), enabled: q !== '' })
  return (
    <div className="choose">
      <input
        // biome-ignore lint/a11y/noAutofocus: it opens to be typed into
        autoFocus
        type="search"
        aria-label={t('why.find')}
        placeholder={t('why.find')}
        value={find}
        onChange={event => setFind(event.target.value)}
      />
      {query.data?.items.map(order => (
        <button
          key={order.id}
          type="button"
          className="item"
          onClick={() => onPick({ order: order.id, orderNo: order.orderNo })}
        >
          <bdi className="order-no">{order.orderNo}</bdi>
        </button>
      ))}
      {query.error !== null && <Refused error={query.error} said={t('why.notFound')} />}
      {query.data?.items.length === 0 && <p className="d2 sm none">{t('why.noOrder')}</p>}
    </div>
  )
}

const when = (at: string): string => {
  const now = worldNow()
  return isSameDay(at, now) ? clockTime(at, true) : `${dayOf(at, now)} ${clockTime(at, true)}`
}

/** Orders for which it holds now, and those for which time alone will make it hold, to the second. */
function Now({ preview: { of }, onPick }: { preview: PreviewState; onPick: (chosen: Chosen) => void }): ReactNode {
  const t = useRuleTexts()
  if (of === null) return null
  return (
    <div className="pad now">
      <h3>{t('now.title', { holds: count(of.open.holds) })}</h3>
      {of.flips.length === 0 && <p className="d2 sm">{t('now.noFlips')}</p>}
      <ul className="exp">
        {of.flips.map(flip => (
          <NowLine key={flip.order} {...flip} said={t('now.flips', { time: when(flip.at) })} onPick={onPick} />
        ))}
        {of.matches.map(match => (
          <NowLine key={match.order} {...match} said={t('now.holds')} onPick={onPick} />
        ))}
      </ul>
    </div>
  )
}

interface NowLineProps extends Chosen {
  readonly said: string
  readonly onPick: (chosen: Chosen) => void
}

const NowLine = ({ order, orderNo, said, onPick }: NowLineProps): ReactNode => (
  <li>
    <button type="button" className="l" onClick={() => onPick({ order, orderNo })}>
      <bdi className="order-no">{orderNo}</bdi>
    </button>
    <span className="d2 sm nw">{said}</span>
  </li>
)
