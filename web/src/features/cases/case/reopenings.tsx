import type { ReactNode } from 'react'
import type { CaseDetail } from '../../../../../src/contract/api/index.ts'
import { Section } from '../../../kit/region.tsx'
import { Time } from '../../../kit/time.tsx'
import { useCaseTexts } from '../texts.ts'
import { CAUSES } from '../words.ts'

const ENDS = new Set(['case.closed', 'case.cleared', 'case.resolved'])

/** How often it came back: each end, and why it did not last. */
export function Reopenings({ case: found }: { case: CaseDetail }): ReactNode {
  const t = useCaseTexts()
  const back = found.history.flatMap((step, i) =>
    step.type === 'case.reopened'
      ? [{ step, end: found.history.slice(0, i).findLast(earlier => ENDS.has(earlier.type)) }]
      : [],
  )
  if (back.length === 0) return null
  return (
    <Section title={t('reopened.title')} sub={t('reopened.count', { count: back.length })}>
      <ol className="near">
        {back.map(({ step, end }) => (
          <li key={step.seq}>
            <Time of={step.at} /> {t('reopened.back')}{' '}
            {typeof step.data.reason === 'string' && <span className="d1">{step.data.reason}</span>}
            {end && (
              <div className="d2 sm">
                {t('reopened.ended')} <Time of={end.at} /> {causeOf(t, end.data.cause)}{' '}
                {typeof end.data.result === 'string' && end.data.result}
              </div>
            )}
          </li>
        ))}
      </ol>
    </Section>
  )
}

function causeOf(t: ReturnType<typeof useCaseTexts>, value: unknown): string {
  const cause = CAUSES.find(one => one === value)
  return cause === undefined ? '' : t(`cause.${cause}`)
}
