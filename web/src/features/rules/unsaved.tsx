import { useBlocker } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { leaves } from './model/base.ts'
import { useRuleTexts } from './texts.ts'

interface AskProps {
  readonly title: string
  /** What takes the place of the unsaved text. */
  readonly verb: string
  readonly onStay: () => void
  readonly onLose: () => void
}

/** What was not saved is not thrown away without a word. */
export function AskUnsaved({ title, verb, onStay, onLose }: AskProps): ReactNode {
  const t = useRuleTexts()
  return (
    <Dialog open title={title} onClose={onStay} width={440}>
      <div className="rule-d">
        <p className="d1">{t('unsaved.why')}</p>
        <div className="row end">
          <Button onClick={onStay}>{t('unsaved.stay')}</Button>
          <Button kind="danger" onClick={onLose}>
            {verb}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

/** Asks before a step away, and before the window closes, while something is not saved. */
export function Guard({ changed, version }: { changed: boolean; version: number | null }): ReactNode {
  const t = useRuleTexts()
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => changed && leaves(current, next, version),
    enableBeforeUnload: () => changed,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <AskUnsaved title={t('unsaved.title')} verb={t('unsaved.leave')} onStay={blocker.reset} onLose={blocker.proceed} />
  )
}

/** Back to what was saved. */
export function Discard({ onDiscard }: { onDiscard: () => void }): ReactNode {
  const t = useRuleTexts()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button small kind="ghost" onClick={() => setOpen(true)}>
        {t('unsaved.discard')}
      </Button>
      {open && (
        <AskUnsaved
          title={t('unsaved.title')}
          verb={t('unsaved.discard')}
          onStay={() => setOpen(false)}
          onLose={() => {
            setOpen(false)
            onDiscard()
          }}
        />
      )}
    </>
  )
}
