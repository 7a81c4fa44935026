import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import { OutcomeBar } from '../../../kit/bulk-bar.tsx'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { useCaseTexts } from '../texts.ts'
import { carryOut } from './carry-out.ts'
import {
  ASKING,
  type Asking,
  askedOf,
  type CaseVerb,
  type Command,
  commandOf,
  continued,
  type Draft,
  draftFor,
  nothingYet,
  type Outcome,
} from './commands.ts'
import { Fields } from './fields.tsx'

export interface ActDialogProps {
  readonly verb: CaseVerb
  readonly cases: readonly CaseItem[]
  /** What came of it already, for a verb that asks nothing. */
  readonly begun: Outcome | null
  readonly onStep: (command: Command, done: readonly string[]) => void
  readonly onClose: () => void
}

const asks = (verb: CaseVerb): verb is Asking => ASKING.some(one => one === verb)

/** Asks what a verb needs, carries it out, and stays with what was refused and why, until it is done or left. */
export function ActDialog({ verb, cases, begun, onStep, onClose }: ActDialogProps): ReactNode {
  const t = useCaseTexts()
  const [draft, setDraft] = useState<Draft>(() => draftFor(verb, cases))
  const [outcome, setOutcome] = useState<Outcome | null>(begun)
  const [busy, setBusy] = useState(false)
  // Outside, the dots say that something will be asked; here it is.
  const title = t(`verb.${verb}`).replace('…', '')
  const left = outcome === null ? cases.map(c => c.id) : leftOf(outcome)
  const unanswered = useRef(new Map<string, string>())
  const signal = useLeft()
  const command = asks(verb) ? askedOf(verb, draft) : commandOf(verb)
  const send = async (): Promise<void> => {
    if (busy || left.length === 0 || command === null) return
    setBusy(true)
    const before = outcome ?? nothingYet(left)
    const step = (next: Outcome): void => setOutcome(continued(before, next))
    const after = await carryOut(command, left, { onStep: step, unanswered: unanswered.current, signal: signal() })
    step(after)
    setBusy(false)
    onStep(command, after.done)
    if (leftOf(after).length === 0 && !signal().aborted) onClose()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void send()
  }
  const again = outcome !== null && left.length < cases.length ? t('act.retry', { count: left.length }) : title
  return (
    <Dialog
      open
      title={cases.length > 1 ? t('act.many', { verb: title, count: cases.length }) : title}
      onClose={onClose}
      width={480}
    >
      <form className="case-d" onSubmit={submit}>
        {asks(verb) && (
          <Fields {...{ verb, draft, cases }} onChange={change => setDraft(before => ({ ...before, ...change }))} />
        )}
        {outcome !== null && <Refusals cases={cases} outcome={outcome} />}
        <div className="row">
          <span className="grow" />
          <Button onClick={onClose}>{t('dialog.cancel')}</Button>
          <Button
            kind="solid"
            type="submit"
            busy={busy}
            unable={command === null ? t(verb === 'assign' || verb === 'escalate' ? 'assign.pick' : 'act.when') : null}
          >
            {again}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Says whether the dialog was left: then nothing more is sent. */
function useLeft(): () => AbortSignal {
  const left = useRef(new AbortController())
  useEffect(() => {
    left.current = new AbortController()
    return () => left.current.abort()
  }, [])
  return () => left.current.signal
}

const leftOf = ({ skipped, todo }: Outcome): string[] => [...skipped.map(one => one.id), ...todo]

/** How many went through, and of each that did not, why. */
function Refusals({ cases, outcome }: { cases: readonly CaseItem[]; outcome: Outcome }): ReactNode {
  const t = useCaseTexts()
  const language = useLanguage()
  const { done, skipped, waiting, todo, error } = outcome
  const numbers = new Map(cases.map(one => [one.id, one.number]))
  return (
    <>
      {cases.length > 1 && (
        <OutcomeBar done={done.length} refused={skipped.length} waiting={waiting.length} todo={todo.length} />
      )}
      {error !== null && (
        <p className="red" role="alert">
          {error.detail === '' ? t('act.lost') : error.detail}
        </p>
      )}
      {skipped.length > 0 && (
        <div role="alert">
          <ul className="refused">
            {skipped.map(({ id, sentence }) => (
              <li key={id}>
                {cases.length > 1 && <b className="m">{numbers.get(id) ?? id}</b>}{' '}
                <span className="red">{language === 'en' ? sentence.en : sentence.zh}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}
