import { MoreHorizontal } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import type { ButtonProps } from '../../../kit/button.tsx'
import { Popup } from '../../../kit/popup.tsx'
import { useCaseTexts } from '../texts.ts'
import type { CaseVerb } from './commands.ts'
import type { Act } from './use-act.tsx'

export interface MoreProps {
  readonly verbs: readonly CaseVerb[]
  readonly act: Act
  readonly cases: readonly CaseItem[]
  readonly button: Pick<ButtonProps, 'kind' | 'small'>
}

/** What is done less often, behind a button; what one may not do stays there and says why. */
export function More({ verbs, act, cases, button }: MoreProps): ReactNode {
  const t = useCaseTexts()
  const label = t('act.more')
  return (
    <Popup label={label} button={{ ...button, name: label, icon: <MoreHorizontal size={15} aria-hidden /> }}>
      {close =>
        verbs.map(verb => (
          <button
            key={verb}
            type="button"
            className="item"
            aria-disabled={act.unable[verb] !== null || undefined}
            title={act.unable[verb] ?? undefined}
            onClick={() => {
              close()
              if (act.unable[verb] === null) act.start(verb, cases)
            }}
          >
            {t(`verb.${verb}`)}
          </button>
        ))
      }
    </Popup>
  )
}
