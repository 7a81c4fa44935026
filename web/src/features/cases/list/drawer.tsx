import { useQuery } from '@tanstack/react-query'
import { Maximize2, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CaseDetail } from '../../../../../src/contract/api/index.ts'
import { AuthorGlyph } from '../../../kit/author.tsx'
import { Button } from '../../../kit/button.tsx'
import { Drawer } from '../../../kit/drawer.tsx'
import { Go } from '../../../kit/go.tsx'
import { Named } from '../../../kit/named.tsx'
import { useNames } from '../../../kit/names.ts'
import { Severity } from '../../../kit/severity.tsx'
import { StateCircle } from '../../../kit/state-circle.tsx'
import { View } from '../../../kit/states.tsx'
import { useLanguage, useNow } from '../../../kit/time.tsx'
import { orderAt } from '../../../lib/addresses.ts'
import { asking } from '../../../lib/query.ts'
import { type CaseVerb, fits } from '../act/commands.ts'
import type { Act } from '../act/use-act.tsx'
import { CaseClock } from '../case/clock.tsx'
import { EvidenceList } from '../case/evidence.tsx'
import { NextStep } from '../case/next.tsx'
import { MoneyAtStake, OrderFacts } from '../case/order.tsx'
import { nextOf } from '../case/verbs.tsx'
import { useCaseTexts } from '../texts.ts'
import { useWho, useWhy } from '../words.ts'

export interface CaseDrawerProps {
  readonly id: string
  readonly act: Act
  readonly onOpen: (id: string) => void
  readonly onClose: () => void
}

/** Enough of a case to act without leaving the list. */
export function CaseDrawer({ id, act, onOpen, onClose }: CaseDrawerProps): ReactNode {
  const t = useCaseTexts()
  const query = useQuery({ ...asking('getCase', { params: { id } }), refetchInterval: 30_000 })
  const found = query.data
  return (
    <Drawer
      label={t('what')}
      onClose={onClose}
      {...(found && { foot: <Foot case={found} act={act} /> })}
      head={
        <>
          <div className="row">
            {found && (
              <>
                <Severity of={found.severity} />
                <span className="d2 sm">{found.number}</span>
                <State case={found} />
              </>
            )}
            <span className="grow" />
            <Button small kind="ghost" icon={<Maximize2 size={13} aria-hidden />} onClick={() => onOpen(id)}>
              {t('drawer.open')}
            </Button>
            <Button small kind="ghost" name={t('drawer.close')} icon={<X size={14} aria-hidden />} onClick={onClose} />
          </div>
          {found && <Title case={found} />}
        </>
      }
    >
      <View query={query} what={t('what')} rows={12}>
        {one => (
          <>
            <div className="drawer-clock">
              <CaseClock case={one} />
            </div>
            <EvidenceList case={one} />
            <NextStep case={one} />
            <MoneyAtStake case={one} />
            <OrderFacts case={one} />
          </>
        )}
      </View>
    </Drawer>
  )
}

function State({ case: found }: { case: CaseDetail }): ReactNode {
  const whoOf = useWho()
  return <StateCircle of={found.status} {...(found.waiting !== null && { note: whoOf(found.waiting.for) })} />
}

function Title({ case: found }: { case: CaseDetail }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const now = useNow()
  const why = useWhy(1)(found, now)
  const nameOf = useNames()
  const name = language === 'en' ? found.name.en : found.name.zh
  const { owner } = found
  return (
    <>
      <h2 className="drawer-title">{why === '' ? name : t('head.title', { name, why })}</h2>
      <div className="row wrap d1 sm" style={{ gap: '4px 12px' }}>
        {found.orderNo !== null && (
          <Go className="l" to={orderAt(found.stream)}>
            {found.orderNo}
          </Go>
        )}
        {found.channel !== null && <Named kind="channel" code={found.channel} />}
        <span className="row" style={{ gap: 4 }}>
          <AuthorGlyph of={owner} {...(owner !== null && { name: nameOf(owner) })} />
          {owner === null ? t('value.none') : nameOf(owner)}
        </span>
      </div>
    </>
  )
}

const AFTER: readonly CaseVerb[] = ['assign', 'wait', 'snooze', 'close']

/** No key hints and no solid button: those belong to the list and its bar. */
function Foot({ case: found, act }: { case: CaseDetail; act: Act }): ReactNode {
  const t = useCaseTexts()
  const next = nextOf(found)
  return [next, ...AFTER.filter(verb => verb !== next && fits(verb, found))].map(verb => (
    <Button key={verb} unable={act.unable[verb]} onClick={() => act.start(verb, [found])}>
      {t(`verb.${verb}`)}
    </Button>
  ))
}
