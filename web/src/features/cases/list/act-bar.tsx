import { Fragment, type ReactNode, useMemo } from 'react'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import { BulkBar } from '../../../kit/bulk-bar.tsx'
import { Button } from '../../../kit/button.tsx'
import type { GridState } from '../../../kit/grid-state.ts'
import { Money } from '../../../kit/money.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { count } from '../../../lib/format.ts'
import { shown, useVerbs, type Verb } from '../../../lib/verbs.ts'
import { type CaseVerb, fits } from '../act/commands.ts'
import { KEYS } from '../act/keys.ts'
import { More } from '../act/more.tsx'
import type { Act } from '../act/use-act.tsx'
import type { InboxRow } from '../model/lines.ts'
import { worthOf } from '../model/worth.ts'
import { useCaseTexts } from '../texts.ts'

/** On the bar itself; what is done less often is behind a button. */
const FIRST: readonly CaseVerb[] = ['claim', 'assign', 'snooze', 'wait']
const MORE: readonly CaseVerb[] = [
  'start',
  'resume',
  'release',
  'note',
  'escalate',
  'severity',
  'resolve',
  'close',
  'reopen',
]

export interface ActBarProps {
  readonly act: Act
  readonly chosen: readonly CaseItem[]
  /** Rows of the list, and how many of them were read: only those can be selected. */
  readonly total: number
  readonly read: number
  readonly onClear: () => void
}

/** What can be done with the selected cases, and what they share. */
export function ActBar({ act, chosen, total, read, onClear }: ActBarProps): ReactNode {
  const t = useCaseTexts()
  const some = chosen.length >= read && read < total ? t('act.read', { read: count(read), total: count(total) }) : null
  const shared = (
    <>
      <Shared cases={chosen} />
      {some !== null && ` · ${some}`}
    </>
  )
  return (
    <BulkBar count={chosen.length} shared={shared} onClear={onClear}>
      {FIRST.map((verb, i) => (
        <Button
          key={verb}
          small
          kind={i === 0 ? 'solid' : 'plain'}
          keys={shown(KEYS[verb] ?? '')}
          unable={act.unable[verb]}
          onClick={() => act.start(verb, chosen)}
        >
          {t(`verb.${verb}`)}
        </Button>
      ))}
      <More verbs={MORE} act={act} cases={chosen} button={{ small: true }} />
    </BulkBar>
  )
}

/** What they are worth, and what they all are. */
function Shared({ cases }: { cases: readonly CaseItem[] }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const [first] = cases
  const name = first === undefined ? '' : language === 'en' ? first.name.en : first.name.zh
  const same = cases.length > 1 && cases.every(c => c.type === first?.type)
  return (
    <>
      {worthOf(cases).map((worth, i) => (
        <Fragment key={worth.currency}>
          {i > 0 && ' + '}
          <Money of={worth} digits={0} />
        </Fragment>
      ))}
      {same && ` · ${t('act.same', { type: name })}`}
    </>
  )
}

interface ActVerbs {
  readonly act: Act
  readonly grid: GridState<InboxRow>
  readonly chosen: readonly CaseItem[]
}

/** The keys act on what is selected, else on the row with the focus. */
export function useActVerbs({ act, grid, chosen }: ActVerbs): void {
  const t = useCaseTexts()
  const item = grid.row?.item ?? null
  const { start, unable } = act
  const { change } = grid
  const verbs = useMemo((): Verb[] => {
    const group = t('group')
    const on = chosen.length > 0 ? chosen : item === null ? [] : [item]
    return [...FIRST, ...MORE].flatMap(verb => {
      const keys = KEYS[verb]
      if (on.length === 0 || (on.length === 1 && on.every(one => !fits(verb, one)))) return []
      const run = (): void => {
        start(verb, on)
        // What is done at once is done with them; what asks first keeps them until then.
        if (verb === 'claim') change({ type: 'clear' })
      }
      return [
        { id: `cases.${verb}`, label: t(`verb.${verb}`), group, unable: unable[verb], run, ...(keys && { keys }) },
      ]
    })
  }, [t, start, unable, chosen, item, change])
  useVerbs(verbs)
}
