import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import type { CaseItem } from '../../../../../src/contract/api/index.ts'
import { useLanguage } from '../../../kit/time.tsx'
import { useMe, useUnable } from '../../../lib/me.ts'
import { toast } from '../../../lib/toasts.ts'
import { worldNow } from '../../../lib/world-time.ts'
import { useCaseTexts } from '../texts.ts'
import { carryOut } from './carry-out.ts'
import { AT_ONCE, type AtOnce, type CaseVerb, type Command, commandOf, type Outcome, undoOf } from './commands.ts'
import { ActDialog } from './dialog.tsx'

export interface Act {
  /** Begins a verb: at once where nothing is to be asked, with a dialog else. */
  start(verb: CaseVerb, cases: readonly CaseItem[]): void
  /** Why a verb cannot be used, by its rights. */
  readonly unable: { readonly [V in CaseVerb]: string | null }
  readonly dialog: ReactNode
}

export interface ActDeps {
  /** Something was done: read again. */
  readonly onDone: () => void
  /** Shows at once what will most likely be; returns how to take that back for some of them. */
  readonly onGuess?: (ids: readonly string[], change: (item: CaseItem) => CaseItem) => (ids: readonly string[]) => void
}

interface Asked {
  readonly verb: CaseVerb
  readonly cases: readonly CaseItem[]
  readonly begun: Outcome | null
}

const isAtOnce = (verb: CaseVerb): verb is AtOnce => AT_ONCE.some(one => one === verb)

/** Doing things with cases: the same for one of them and for many, in the inbox, its drawer and on the page of a case. */
export function useAct({ onDone, onGuess }: ActDeps): Act {
  const [asked, setAsked] = useState<Asked | null>(null)
  const told = useTold(onDone)
  const me = useMe()
  const unable = useRights()
  const start = useCallback(
    (verb: CaseVerb, cases: readonly CaseItem[]): void => {
      if (cases.length === 0) return
      if (!isAtOnce(verb)) {
        setAsked({ verb, cases, begun: null })
        return
      }
      const ids = cases.map(one => one.id)
      const takeBack =
        verb === 'claim'
          ? onGuess?.(ids, item => ({ ...item, status: 'acknowledged', owner: item.owner ?? me?.actor ?? null }))
          : undefined
      const command = commandOf(verb)
      void carryOut(command, ids).then(outcome => {
        takeBack?.([...outcome.skipped.map(one => one.id), ...outcome.todo])
        told({ verb, command, cases }, outcome.done)
        if (outcome.done.length < ids.length) setAsked({ verb, cases, begun: outcome })
      })
    },
    [told, onGuess, me],
  )
  const dialog = asked && (
    <ActDialog
      key={asked.verb}
      {...asked}
      onStep={(command, done) => told({ verb: asked.verb, command, cases: asked.cases }, done)}
      onClose={() => setAsked(null)}
    />
  )
  return { start, unable, dialog }
}

interface Deed {
  readonly verb: CaseVerb
  readonly command: Command
  readonly cases: readonly CaseItem[]
}

/** Says what was done, with the way back where there is one. */
function useTold(onDone: () => void): (deed: Deed, done: readonly string[]) => void {
  const t = useCaseTexts()
  const client = useQueryClient()
  const language = useLanguage()
  const fresh = useCallback(() => {
    for (const key of ['getCase', 'caseTimeline', 'listCases', 'summariseCases'])
      void client.invalidateQueries({ queryKey: [key] })
    onDone()
  }, [client, onDone])
  return useCallback(
    ({ verb, command, cases }: Deed, done: readonly string[]) => {
      fresh()
      if (done.length === 0) return
      const kept = new Set(done)
      const ways = undoOf(
        command,
        cases.filter(one => kept.has(one.id)),
        worldNow(),
      )
      const undo = async (): Promise<void> => {
        const outcomes = await Promise.all(ways.map(way => carryOut(way, way.ids)))
        const refused = outcomes.flatMap(one => one.skipped)[0]
        if (refused) toast(language === 'en' ? refused.sentence.en : refused.sentence.zh, { tone: 'bad' })
        else toast(t('act.undone'))
        fresh()
      }
      toast(t(`done.${verb}`, { count: done.length }), ways.length > 0 ? { undo: () => void undo() } : {})
    },
    [t, fresh, language],
  )
}

function useRights(): Act['unable'] {
  const [work, assign] = [useUnable('case.work'), useUnable('case.assign')]
  const [severity, close] = [useUnable('case.severity'), useUnable('case.close')]
  const escalate = severity ?? assign
  return useMemo(
    () => ({
      ...{ claim: work, start: work, resume: work, release: work, snooze: work, wait: work, note: work, resolve: work },
      ...{ assign, severity, escalate, close, reopen: close },
    }),
    [work, assign, severity, escalate, close],
  )
}
