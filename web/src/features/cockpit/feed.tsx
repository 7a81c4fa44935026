import type { ReactNode } from 'react'
import type { LiveFactItem } from '../../../../src/contract/api/live.ts'
import { AuthorGlyph, useAuthorName } from '../../kit/author.tsx'
import { Go } from '../../kit/go.tsx'
import { Pane } from '../../kit/region.tsx'
import { Empty } from '../../kit/states.tsx'
import { useLanguage } from '../../kit/time.tsx'
import { caseAt, orderAt } from '../../lib/addresses.ts'
import { clockTime, count } from '../../lib/format.ts'
import { useLiveFacts } from '../../lib/live-facts.ts'
import { useCockpitTexts } from './texts.ts'

/** What happens, as it happens: people, rules, the system and the outside in one list. */
export function Feed({ before }: { before: readonly LiveFactItem[] }): ReactNode {
  const t = useCockpitTexts()
  const { facts: live, perMinute } = useLiveFacts()
  const facts = joined(live, before)
  const rate =
    perMinute === null ? undefined : <span className="d2">{t('feed.rate', { count: count(perMinute) })}</span>
  return (
    <Pane title={t('feed')} end={rate}>
      {facts.length === 0 ? (
        <Empty title={t('feed.none')} why={t('feed.noneWhy')} />
      ) : (
        <ul className="feed">
          {facts.map(fact => (
            <Fact key={keyOf(fact)} fact={fact} />
          ))}
        </ul>
      )}
    </Pane>
  )
}

const SHOWN = 24
const keyOf = ({ stream, seq }: LiveFactItem): string => `${stream} ${seq}`

/** That a feed was heard of is said at the top of the page, and is nothing that happened. */
const tells = ({ type }: LiveFactItem): boolean => type !== 'feed.heard'

/** What came since the page was opened, then what was there; each once. */
function joined(live: readonly LiveFactItem[], before: readonly LiveFactItem[]): readonly LiveFactItem[] {
  const seen = new Set(live.map(keyOf))
  return [...live, ...before.filter(fact => !seen.has(keyOf(fact)))].filter(tells).slice(0, SHOWN)
}

function Fact({ fact }: { fact: LiveFactItem }): ReactNode {
  const language = useLanguage()
  const nameOf = useAuthorName()
  const say = (label: { zh: string; en: string }): string => (language === 'en' ? label.en : label.zh)
  const [hm, seconds] = [clockTime(fact.recordedAt), clockTime(fact.recordedAt, true).slice(5)]
  return (
    <li>
      <time dateTime={fact.recordedAt}>
        {hm}
        <span className="xs">{seconds}</span>
      </time>
      <AuthorGlyph of={fact.actor} name={nameOf(fact.actor)} />
      <span className="d1">
        {say(fact.name)} {fact.orderNo !== null && <Go to={orderAt(fact.stream)}>{fact.orderNo}</Go>}{' '}
        {fact.exception !== null && fact.case !== null && (
          <Go to={caseAt(fact.case)} className="m">
            {say(fact.exception.name)}
          </Go>
        )}
      </span>
    </li>
  )
}
