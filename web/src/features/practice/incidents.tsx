import { type ReactNode, useState } from 'react'
import type { PracticeIncidentItem, PracticeShop } from '../../../../src/contract/api/index.ts'
import {
  PRACTICE_INCIDENTS,
  PRACTICE_PLACES,
  type PracticeIncident,
  type PracticePlace,
} from '../../../../src/contract/practice.ts'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { useNames } from '../../kit/names.ts'
import { useLanguage, useNow } from '../../kit/time.tsx'
import { shortTime } from '../../lib/format.ts'
import { toast } from '../../lib/toasts.ts'
import { usePracticeVerb } from './queries.ts'
import { usePracticeTexts } from './texts.ts'

interface IncidentsProps {
  readonly shop: PracticeShop
  readonly open: boolean
  readonly onClose: () => void
}

/** What goes wrong now, with its end; and what may go wrong next. */
export function Incidents({ shop, open, onClose }: IncidentsProps): ReactNode {
  const t = usePracticeTexts()
  const now = useNow(1000)
  const going = useGoing(shop)
  // The keys of a literal are its keys: `Object.keys` forgets that.
  const kinds = Object.keys(PRACTICE_INCIDENTS) as PracticeIncident[]
  return (
    <Dialog open={open} title={t('incidents.title')} onClose={onClose} width={680}>
      <div className="in">
        <h3>{t('incidents.now')}</h3>
        {going.length === 0 && <p className="d2">{t('incidents.none')}</p>}
        <ul className="incident-list">
          {going.map(incident => (
            <Going key={incident.id} incident={incident} now={now} />
          ))}
        </ul>
        <h3 style={{ marginTop: 16 }}>{t('incidents')}</h3>
        <p className="d2 sm">{t('incidents.lead')}</p>
        <ul className="incident-list">
          {kinds.map(kind => (
            <Kind key={kind} kind={kind} />
          ))}
        </ul>
      </div>
    </Dialog>
  )
}

/** What goes wrong at this instant. */
export function useGoing(shop: PracticeShop): readonly PracticeIncidentItem[] {
  // Our clock shows whole seconds, and the world may stand.
  const now = Math.max(useNow(1000), Date.parse(shop.now))
  return shop.incidents.filter(i => Date.parse(i.until) > now)
}

function Going({ incident, now }: { incident: PracticeIncidentItem; now: number }): ReactNode {
  const t = usePracticeTexts()
  const words = useLabel()
  const end = usePracticeVerb('endIncident')
  const { kind, target, until, id } = incident
  const { by } = incident
  const nameOf = useNames()
  return (
    <li>
      <div>
        <div className="m">{`${words(PRACTICE_INCIDENTS[kind].label)} · ${words(PRACTICE_PLACES[target])}`}</div>
        <div className="d2 sm">{isShop(by) ? t('incidents.byShop') : t('incidents.by', { who: nameOf(by) })}</div>
      </div>
      <span />
      <span className="d1 nw">{t('incidents.until', { time: shortTime(until, now) })}</span>
      <Button small busy={end.isPending} onClick={() => end.mutate({ params: { id } })}>
        {t('incidents.end')}
      </Button>
    </li>
  )
}

const isShop = (by: string): boolean => by.startsWith('shop:')

function Kind({ kind }: { kind: PracticeIncident }): ReactNode {
  const t = usePracticeTexts()
  const words = useLabel()
  const trigger = usePracticeVerb('triggerIncident')
  const { label, tells, targets, minutes } = PRACTICE_INCIDENTS[kind]
  const [target, setTarget] = useState<PracticePlace>(targets[0])
  const [hours, setHours] = useState(minutes / 60)
  const begin = (): void =>
    trigger.mutate(
      { body: { kind, target, minutes: hours * 60 } },
      { onSuccess: () => toast(t('incidents.begun', { kind: words(label), place: words(PRACTICE_PLACES[target]) })) },
    )
  return (
    <li>
      <div>
        <div className="m">{words(label)}</div>
        <div className="d2 sm">{words(tells)}</div>
      </div>
      <select
        aria-label={`${words(label)}: ${t('incidents.where')}`}
        value={target}
        // One of the options, which are the targets.
        onChange={event => setTarget(event.target.value as PracticePlace)}
      >
        {targets.map(place => (
          <option key={place} value={place}>
            {words(PRACTICE_PLACES[place])}
          </option>
        ))}
      </select>
      <select
        aria-label={`${words(label)}: ${t('incidents.long')}`}
        value={hours}
        onChange={event => setHours(Number(event.target.value))}
      >
        {[...new Set([1, 3, 8, 24, minutes / 60])]
          .sort((a, b) => a - b)
          .map(length => (
            <option key={length} value={length}>
              {t('incidents.hours', { count: length })}
            </option>
          ))}
      </select>
      <Button small busy={trigger.isPending} onClick={begin}>
        {t('incidents.trigger')}
      </Button>
    </li>
  )
}

function useLabel(): (label: { readonly zh: string; readonly en: string }) => string {
  const language = useLanguage()
  return label => (language === 'en' ? label.en : label.zh)
}
