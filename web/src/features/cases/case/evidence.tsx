import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { CaseDetail, EvidenceItem } from '../../../../../src/contract/api/index.ts'
import { Evidence, Fact, Sentence } from '../../../kit/evidence.tsx'
import { Section } from '../../../kit/region.tsx'
import { useLanguage, useNow } from '../../../kit/time.tsx'
import { valueWords } from '../evidence-words.ts'
import { useCaseTexts } from '../texts.ts'

/** What the rule saw, each fact with the way to its row of the ledger. */
export function EvidenceList({ case: found }: { case: CaseDetail }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const { rule, reason, evidence } = found
  return (
    <Section title={t('evidence.title')} end={t('evidence.rule', { rule: rule.id, version: rule.version })}>
      {reason !== null && <p className="d1">{language === 'en' ? reason.en : reason.zh}</p>}
      {evidence.length === 0 ? (
        <p className="d2">{t('evidence.none')}</p>
      ) : (
        <Evidence>
          {evidence.map(item => (
            <One key={item.path} item={item} stream={found.stream} />
          ))}
        </Evidence>
      )}
    </Section>
  )
}

function One({ item, stream }: { item: EvidenceItem; stream: string }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const navigate = useNavigate()
  const now = useNow()
  const words = { yes: t('evidence.yes'), no: t('evidence.no'), unknown: t('evidence.unknown') }
  const value = valueWords(item, words, now)
  const { fact } = item
  const open =
    fact === null || !stream.startsWith('o-')
      ? undefined
      : () => void navigate({ to: '/orders/$id', params: { id: stream }, search: { fact: fact.seq } })
  return (
    <Sentence speaks={item.role === 'fact' ? 'for' : 'out'}>
      {language === 'en' ? item.label.en : item.label.zh} <Fact {...(open && { onOpen: open })}>{value}</Fact>
      {item.role === 'limit' && <span className="d2"> · {t('evidence.limit')}</span>}
    </Sentence>
  )
}
