import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { useNameOf, useNames } from '../../../kit/names.ts'
import { Severity } from '../../../kit/severity.tsx'
import { Tag } from '../../../kit/tag.tsx'
import { Time } from '../../../kit/time.tsx'
import { useUnable } from '../../../lib/me.ts'
import { shown as shownKeys, useVerbs, type Verb } from '../../../lib/verbs.ts'
import { useReason } from '../reason.ts'
import { useSaid } from '../sentence/said.ts'
import { STAGES, type Stage } from '../stage.tsx'
import { useRuleTexts } from '../texts.ts'
import { Discard } from '../unsaved.tsx'
import type { Editing } from './editing.ts'
import { Meanwhile } from './meanwhile.tsx'
import { MoveDialog } from './move-dialog.tsx'
import { SaveDialog } from './save-dialog.tsx'
import { SweepLine } from './sweep.tsx'

/** What rule it is, where in its life, and the next step. */
export function Head(editing: Editing): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const nameOf = useNames()
  const teamName = useNameOf('team')
  const reasonOf = useReason()
  const { id, detail, shown, draft } = editing
  const name = said(draft.text.name)
  const running = detail?.live != null && detail.live !== shown?.version ? detail.live : null
  return (
    <header className="rule-h">
      <div className="row wrap">
        <h1 dir="auto">{name === '' ? t('new.title') : name}</h1>
        {shown && (
          <Tag tone="accent">{t('head.stage', { version: shown.version, stage: t(`stage.${shown.stage}`) })}</Tag>
        )}
        {running !== null && id !== null && (
          <Link className="l sm" to="/rules/$id" params={{ id }} search={{ version: running }}>
            {t('head.runs', { version: running })}
          </Link>
        )}
        {draft.changed && <Tag tone="amber">{t('head.changed')}</Tag>}
        {draft.changed && <Discard onDiscard={draft.reset} />}
        <span className="grow" />
        <Steps at={shown?.stage ?? 'draft'} />
        <Verbs {...editing} />
      </div>
      <div className="row wrap d1 sm facts">
        {id !== null && <span className="mono">{id}</span>}
        <Severity of={draft.text.severity} />
        {draft.text.team !== undefined && <span dir="auto">{t('head.team', { team: teamName(draft.text.team) })}</span>}
        {shown?.pack != null && <span>{t('head.pack', { pack: shown.pack })}</span>}
        {shown && (
          <span className="d2">
            {nameOf(shown.author)} · <Time of={shown.at} /> · <bdi>{reasonOf(shown.author, shown.reason)}</bdi>
          </span>
        )}
        {id !== null && (
          <>
            <Link className="l" to="/rules/$id/versions" params={{ id }}>
              {t('head.versions', { count: detail?.versions.length ?? 0 })}
            </Link>
            {hasShadow(editing) && (
              <Link className="l" to="/rules/$id/shadow" params={{ id }}>
                {t('head.shadow')}
              </Link>
            )}
          </>
        )}
        <span dir="auto" className="d2">
          {said(draft.text.reason)}
        </span>
      </div>
      <Meanwhile {...editing} />
      <Waiting {...editing} />
      {id !== null && <SweepLine rule={id} detail={detail} />}
    </header>
  )
}

const hasShadow = ({ detail }: Editing): boolean =>
  detail?.changes.some(c => c.moves.some(m => m.rule === detail.id && m.to === 'shadow')) === true

function Waiting({ detail }: Editing): ReactNode {
  const t = useRuleTexts()
  return detail?.waiting.map(change => (
    <p key={change.n} className="amber sm">
      <Time of={change.activeFrom} />{' '}
      {change.moves.map(m => t('head.waits', { version: m.version, stage: t(`stage.${m.to}`) })).join(', ')}
    </p>
  ))
}

function Steps({ at }: { at: Stage }): ReactNode {
  const t = useRuleTexts()
  return (
    <ol className="steps" aria-label={t('head.life')}>
      {STAGES.map(stage => (
        <li key={stage} aria-current={stage === at ? 'step' : undefined}>
          {t(`stage.${stage}`)}
        </li>
      ))}
    </ol>
  )
}

const NEXT: Readonly<Record<Stage, Stage | null>> = { draft: 'shadow', shadow: 'live', live: null, retired: 'live' }

type Open = { readonly is: 'save' } | { readonly is: 'move'; readonly to: Stage } | null

function Verbs(editing: Editing): ReactNode {
  const t = useRuleTexts()
  const { shown, draft, locked } = editing
  const navigate = useNavigate()
  const mayMove = useUnable('rule.publish')
  const [open, setOpen] = useState<Open>(null)
  const unsaved = draft.changed || shown === null
  const next = shown === null ? 'shadow' : NEXT[shown.stage]
  const unableSave = locked ?? unableToSave(editing, t)
  const unableMove = mayMove ?? (unsaved ? t('move.save') : null)
  useKeys({ next, unableSave, unableMove, open: setOpen })
  const close = (): void => setOpen(null)
  return (
    <>
      <Button
        kind={unsaved ? 'solid' : 'plain'}
        keys={shownKeys('mod+s')}
        unable={unableSave}
        onClick={() => setOpen({ is: 'save' })}
      >
        {t('verb.save')}
      </Button>
      {next !== null && (
        <Button
          kind={unsaved ? 'plain' : 'solid'}
          keys={shownKeys('mod+Enter')}
          unable={unableMove}
          onClick={() => setOpen({ is: 'move', to: next })}
        >
          {t(`verb.${next}`)}
        </Button>
      )}
      {shown?.stage === 'draft' && (
        <Button unable={unableMove} onClick={() => setOpen({ is: 'move', to: 'live' })}>
          {t('verb.live')}
        </Button>
      )}
      {(shown?.stage === 'live' || shown?.stage === 'shadow') && (
        <Button kind="danger" unable={unableMove} onClick={() => setOpen({ is: 'move', to: 'retired' })}>
          {t('verb.retired')}
        </Button>
      )}
      {open?.is === 'save' && (
        <SaveDialog
          {...editing}
          onClose={close}
          onSaved={(id, version) => {
            close()
            draft.reset()
            void navigate({ to: '/rules/$id', params: { id }, search: { version }, ignoreBlocker: true })
          }}
        />
      )}
      {open?.is === 'move' && shown && editing.id !== null && (
        <MoveDialog id={editing.id} version={shown.version} to={open.to} onClose={close} />
      )}
    </>
  )
}

interface Keys {
  readonly next: Stage | null
  readonly unableSave: string | null
  readonly unableMove: string | null
  readonly open: (open: Open) => void
}

/** The next step and saving, for the keyboard and the command menu. */
function useKeys({ next, unableSave, unableMove, open }: Keys): void {
  const t = useRuleTexts()
  const verbs = useMemo((): Verb[] => {
    const group = t('group.rule')
    const save: Verb = {
      ...{ id: 'rule.save', label: t('verb.save'), group, keys: 'mod+s', unable: unableSave },
      run: () => unableSave === null && open({ is: 'save' }),
    }
    if (next === null) return [save]
    const move: Verb = {
      ...{ id: 'rule.next', label: t(`verb.${next}`), group, keys: 'mod+Enter', unable: unableMove },
      run: () => unableMove === null && open({ is: 'move', to: next }),
    }
    return [save, move]
  }, [t, next, unableSave, unableMove, open])
  useVerbs(verbs)
}

function unableToSave({ draft, shown }: Editing, t: ReturnType<typeof useRuleTexts>): string | null {
  if (!draft.checked.ok) return t('save.refused')
  if (shown !== null && !draft.changed) return t('save.same')
  const { zh, en } = draft.text.name
  return zh.trim() === '' && en.trim() === '' ? t('save.name') : null
}
