import type { ReactNode } from 'react'
import type { CaseDetail } from '../../../../../src/contract/api/index.ts'
import { Section } from '../../../kit/region.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { useCaseTexts } from '../texts.ts'

/** The loop of every case: somebody takes it, begins, does what the rule advises, and closes it with a cause. */
const LOOP = ['claim', 'start', 'work', 'close'] as const

const STEP_OF: { readonly [S in CaseDetail['status']]: number | null } = {
  ...{ open: 0, acknowledged: 1, working: 2, waiting: 2, resolved: 3, cleared: null, closed: null },
}

/** Which step comes next and what the rule advises to do, as long as the case is not over. */
export function NextStep({ case: found }: { case: CaseDetail }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const at = STEP_OF[found.status]
  if (at === null) return null
  const hint = found.hint && (language === 'en' ? found.hint.en : found.hint.zh)
  return (
    <Section title={t('next.title')} sub={t('next.place', { place: at + 1, total: LOOP.length })}>
      <ol className="next-steps">
        {LOOP.map((step, i) => (
          <li
            key={step}
            className={i < at ? 'done' : i === at ? 'at' : ''}
            aria-current={i === at ? 'step' : undefined}
          >
            <i aria-hidden="true">{i < at ? '✓' : i + 1}</i>
            <div>
              {t(`next.${step}`)}
              {step === 'work' && hint && <p className="d1">{hint}</p>}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  )
}
