import { type ReactNode, useMemo } from 'react'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { shown, useVerbs, type Verb } from '../../../lib/verbs.ts'
import { type CaseVerb, fits } from '../act/commands.ts'
import { KEYS } from '../act/keys.ts'
import { More } from '../act/more.tsx'
import type { Act } from '../act/use-act.tsx'
import { useCaseTexts } from '../texts.ts'

/** On the page itself; a note has a place of its own in the timeline. */
const FIRST: readonly CaseVerb[] = ['assign', 'wait', 'escalate', 'resolve', 'close', 'reopen']
const MORE: readonly CaseVerb[] = ['snooze', 'severity', 'resume', 'release']
const ALL: readonly CaseVerb[] = ['claim', 'start', ...FIRST, ...MORE]

/** The next step of a case as it stands. */
export function nextOf({ status }: CaseItem): CaseVerb {
  if (status === 'open') return 'claim'
  if (status === 'acknowledged') return 'start'
  if (status === 'waiting') return 'resume'
  return status === 'working' || status === 'resolved' ? 'close' : 'reopen'
}

/** What can be done with a case as it stands: the next step is the solid button. */
export function CaseVerbs({ case: found, act }: { case: CaseItem; act: Act }): ReactNode {
  const t = useCaseTexts()
  const next = nextOf(found)
  const button = (verb: CaseVerb): ReactNode => (
    <Button
      key={verb}
      kind={verb === next && verb !== 'reopen' ? 'solid' : 'plain'}
      {...(KEYS[verb] && { keys: shown(KEYS[verb]) })}
      unable={act.unable[verb]}
      onClick={() => act.start(verb, [found])}
    >
      {t(`verb.${verb}`)}
    </Button>
  )
  const more = MORE.filter(verb => verb !== next && fits(verb, found))
  return (
    <>
      {FIRST.filter(verb => verb !== next && fits(verb, found)).map(button)}
      {button(next)}
      {more.length > 0 && <More verbs={more} act={act} cases={[found]} button={{ kind: 'ghost' }} />}
    </>
  )
}

/** The same verbs by keyboard and in the command menu. E is always the next step that asks nothing. */
export function useCaseKeys(found: CaseItem, act: Act): void {
  const t = useCaseTexts()
  const { start, unable } = act
  const verbs = useMemo(
    (): Verb[] =>
      ALL.filter(verb => fits(verb, found)).map(verb => {
        const keys = verb === 'start' && found.status === 'acknowledged' ? KEYS.claim : KEYS[verb]
        return {
          ...{ id: `case.${verb}`, label: t(`verb.${verb}`), group: t('group'), unable: unable[verb] },
          ...(keys && { keys }),
          run: () => start(verb, [found]),
        }
      }),
    [t, found, start, unable],
  )
  useVerbs(verbs)
}
