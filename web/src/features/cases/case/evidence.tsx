import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { CaseDetail, EvidenceItem } from '../../../../../src/contract/api/index.ts'
import { Evidence, Fact, Sentence } from '../../../kit/evidence.tsx'
import { Go } from '../../../kit/go.tsx'
import { useRuleName } from '../../../kit/names.ts'
import { Section } from '../../../kit/region.tsx'
import { useLanguage, useNow } from '../../../kit/time.tsx'
import { ruleAt } from '../../../lib/addresses.ts'
import { duration } from '../../../lib/format.ts'
import { useCaseTexts } from '../texts.ts'
import { telling, useValueWords } from '../words.ts'

/** What the rule saw, each fact with the way to its row of the ledger; why the rule exists; which rule it is. */
export function EvidenceList({ case: found }: { case: CaseDetail }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const ruleName = useRuleName()
  const { rule, reason, evidence, stream, openedAt } = found
  const name = t('evidence.rule', { rule: ruleName(rule.id), version: rule.version })
  // What is no order is judged by Andon itself: that rule has no text, and no page.
  const end = stream.startsWith('o-') ? (
    <Go className="l" to={ruleAt(rule.id, { version: rule.version, order: stream, at: openedAt })}>
      {name}
    </Go>
  ) : (
    <span className="d2">{name}</span>
  )
  return (
    <Section title={t('evidence.title')} end={end}>
      {reason !== null && <p className="d1 reason">{language === 'en' ? reason.en : reason.zh}</p>}
      {evidence.length === 0 ? (
        <p className="d2">{t('evidence.none')}</p>
      ) : (
        <Evidence>
          {telling(evidence).map(item => (
            <One key={item.path} item={item} case={found} />
          ))}
        </Evidence>
      )}
    </Section>
  )
}

function One({ item, case: found }: { item: EvidenceItem; case: CaseDetail }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const navigate = useNavigate()
  const wordsOf = useValueWords()
  const now = useNow()
  const { fact } = item
  const open =
    fact === null || !found.stream.startsWith('o-')
      ? undefined
      : () => void navigate({ to: '/orders/$id', params: { id: found.stream }, search: { fact: fact.seq } })
  return (
    <Sentence speaks={item.role === 'limit' || item.value === false ? 'out' : 'for'}>
      {language === 'en' ? item.label.en : item.label.zh}{' '}
      <Fact {...(open && { onOpen: open })}>{wordsOf(item, now)}</Fact>
      {item.type === 'time' && typeof item.value === 'string' && <Distance from={item.value} to={found.openedAt} />}
      {item.role === 'limit' && <span className="d2"> · {t('evidence.limit')}</span>}
    </Sentence>
  )
}

/** How far an instant was from the finding: what makes a time speak. */
function Distance({ from, to }: { from: string; to: string }): ReactNode {
  const t = useCaseTexts()
  const ms = Date.parse(to) - Date.parse(from)
  const words = { time: duration(ms) }
  return <span>{ms >= 0 ? t('evidence.before', words) : t('evidence.after', words)}</span>
}
