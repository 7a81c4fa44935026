import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import type { LedgerItem } from '../../../../../src/contract/api/index.ts'
import { useAuthorName } from '../../../kit/author.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { View } from '../../../kit/states.tsx'
import { Time, useLanguage } from '../../../kit/time.tsx'
import { useOrderTexts } from '../texts.ts'
import { type Facts, MOST_FACTS } from './queries.ts'
import { factsShown } from './seen.ts'

export interface LedgerProps {
  readonly facts: UseQueryResult<Facts>
  readonly at: number | null
  readonly by: 'occurred' | 'known'
  /** The fact that is shown; 0: none; null: the ledger is closed. */
  readonly fact: number | null
  readonly onFact: (seq: number | null) => void
}

/** Everything that was written about the order, with what each fact said. */
export function LedgerDialog({ facts, at, by, fact, onFact }: LedgerProps): ReactNode {
  const t = useOrderTexts()
  return (
    <Dialog open={fact !== null} title={t('ledger.title')} onClose={() => onFact(null)} width={920}>
      <View query={facts} what={t('ledger.title')} rows={12}>
        {({ items, total }) => (
          <div className="led-d">
            <FactList items={factsShown(items, at, by)} by={by} chosen={fact} onFact={onFact} />
            <FactBody fact={items.find(item => item.seq === fact) ?? null} />
            {total > items.length && <p className="d2 sm more">{t('ledger.more', { count: MOST_FACTS })}</p>}
          </div>
        )}
      </View>
    </Dialog>
  )
}

interface FactListProps {
  readonly items: readonly LedgerItem[]
  readonly by: 'occurred' | 'known'
  readonly chosen: number | null
  readonly onFact: (seq: number) => void
}

function FactList({ items, by, chosen, onFact }: FactListProps): ReactNode {
  const t = useOrderTexts()
  const language = useLanguage()
  const nameOf = useAuthorName()
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <ul ref={list} className="led" aria-label={t('ledger.list')}>
      {items.map(fact => (
        <li key={fact.seq}>
          <button type="button" aria-current={fact.seq === chosen || undefined} onClick={() => onFact(fact.seq)}>
            <Time of={by === 'known' ? fact.knownAt : fact.occurredAt} />
            <span className="el">{language === 'en' ? fact.name.en : fact.name.zh}</span>
            <span className="h el">{nameOf(fact.actor)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function FactBody({ fact }: { fact: LedgerItem | null }): ReactNode {
  const t = useOrderTexts()
  const language = useLanguage()
  if (fact === null) return <p className="d2 body">{t('ledger.pick')}</p>
  return (
    <section className="body" aria-label={t('ledger.payload')}>
      <h3>
        {language === 'en' ? fact.name.en : fact.name.zh} <span className="mono d2">{fact.type}</span>
      </h3>
      <dl className="kv">
        <dt>{t('ledger.occurred')}</dt>
        <dd>
          <Time of={fact.occurredAt} />
        </dd>
        <dt>{t('ledger.known')}</dt>
        <dd>
          <Time of={fact.knownAt} />
        </dd>
        <dt>{t('ledger.recorded')}</dt>
        <dd>
          <Time of={fact.recordedAt} />
        </dd>
        <dt>{t('ledger.actor')}</dt>
        <dd>{fact.actor}</dd>
        {fact.cause !== null && (
          <>
            <dt>{t('ledger.cause')}</dt>
            <dd className="mono">{fact.cause}</dd>
          </>
        )}
      </dl>
      <pre className="mono">{JSON.stringify(fact.data, null, 2)}</pre>
      <p className="d2 sm">{t('ledger.masked')}</p>
    </section>
  )
}
