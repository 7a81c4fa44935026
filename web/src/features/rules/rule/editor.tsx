import { type ReactNode, useMemo, useState } from 'react'
import { Segment } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { along } from '../../../lib/along.ts'
import { count } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { Backtests } from '../backtest/region.tsx'
import { baseAfter, baseOf, onTopOf } from '../model/base.ts'
import { countsByRow } from '../model/counts.ts'
import { NEW_RULE, useDraft } from '../model/draft.ts'
import { readsIn } from '../model/examples.ts'
import type { Names } from '../model/ground.ts'
import { Match, Rows } from '../sentence/rows.tsx'
import type { CodeProps } from '../text/code.tsx'
import { useRuleTexts } from '../texts.ts'
import { Guard } from '../unsaved.tsx'
import { Why } from '../why/region.tsx'
import type { Editing, EditorProps } from './editing.ts'
import { Examples } from './examples.tsx'
import { Findings } from './findings.tsx'
import { Head } from './head.tsx'
import { type PreviewState, usePreview } from './preview.ts'
import { Settings } from './settings.tsx'
import { Then } from './then.tsx'

// The library of the text box is half of the page: what can be shown without it does not wait for it.
const useText = along(() => import('../text/code.tsx'))
useText.begin()

/** The sentence and the text side by side, with what they come to. */
export function Editor(props: EditorProps): ReactNode {
  const { detail, ground, search } = props
  const versions = detail?.versions ?? []
  const stand = { versions, asked: search.version, starter: NEW_RULE }
  const [base, rebase] = useState(() => baseOf(stand))
  const draft = useDraft(base.text, ground)
  const next = baseAfter(base, stand, draft.changed)
  if (next !== base) rebase(next)
  const shown = versions.find(v => v.version === base.version) ?? null
  const { constants } = draft
  const names = useMemo((): Names => ({ ground, constants, elements: [] }), [ground, constants])
  const locked = useUnable('rule.edit')
  const preview = usePreview(draft)
  const keepMine: Editing['keepMine'] = newest => rebase(onTopOf(base, newest))
  const editing: Editing = { ...props, base, shown, draft, keepMine, names, locked }
  return (
    <div className="rul">
      <Guard changed={draft.changed} version={base.version} />
      <Head {...editing} />
      <div className="rul-b">
        <Condition editing={editing} preview={preview} />
        {shown === null && <Words {...editing} />}
        <Backtests {...editing} />
        <Why {...editing} preview={preview} />
        {shown !== null && <Words {...editing} />}
      </div>
      <Findings {...editing} />
    </div>
  )
}

/** A new rule is named before it is tried. */
const Words = (editing: Editing): ReactNode => (
  <>
    <Settings {...editing} />
    <Examples {...editing} />
  </>
)

type Form = 'rows' | 'text' | 'both'

function Condition({ editing, preview }: { editing: Editing; preview: PreviewState }): ReactNode {
  const t = useRuleTexts()
  const [form, setForm] = useState<Form>('both')
  const choice = (
    <Segment<Form>
      label={t('form.shown')}
      value={form}
      options={[
        { value: 'rows', label: t('form.rows') },
        { value: 'text', label: t('form.text') },
        { value: 'both', label: t('form.both') },
      ]}
      onChange={setForm}
    />
  )
  return (
    <>
      {form !== 'text' && <Sentence {...editing} preview={preview} end={choice} wide={form === 'rows'} />}
      {form !== 'rows' && <Text {...editing} end={form === 'text' ? choice : undefined} wide={form === 'text'} />}
    </>
  )
}

interface ShownIn {
  readonly end: ReactNode
  readonly wide: boolean
}

function Sentence({
  draft,
  names,
  locked,
  preview,
  end,
  wide,
}: Editing & ShownIn & { preview: PreviewState }): ReactNode {
  const t = useRuleTexts()
  const { rows } = draft
  const counts = useMemo(() => rows && preview.of?.rows && countsByRow(rows, preview.of.rows), [rows, preview.of])
  return (
    <Pane title={t('sentence.title')} sub={t('sentence.sub')} end={end} style={wide ? WIDE : undefined}>
      {rows === null ? (
        <p className="d1 pad">{t('sentence.unread')}</p>
      ) : (
        <fieldset className="snt-box" disabled={locked !== null} aria-label={t('sentence.title')}>
          {(rows.rows.length > 1 || rows.not || rows.match === 'any') && (
            <div className="row snt-top">
              <Match group={rows} onGroup={draft.setRows} /> <span>{t('group.of')}</span>
            </div>
          )}
          <Rows group={rows} names={names} counts={counts ?? []} onGroup={draft.setRows} />
          <Then draft={draft} />
        </fieldset>
      )}
      <PreviewLine preview={preview} />
    </Pane>
  )
}

const WIDE = { gridColumn: '1 / -1' } as const

function PreviewLine({ preview }: { preview: PreviewState }): ReactNode {
  const t = useRuleTexts()
  const { of } = preview
  if (preview.unable !== null) return <p className="d2 sm pad">{preview.unable}</p>
  if (of === null)
    return (
      <p
        className={`${preview.failed === null ? 'd2' : 'red'} sm pad`}
        role={preview.failed === null ? undefined : 'alert'}
      >
        {preview.failed ?? t(preview.counting ? 'preview.counting' : 'preview.waits')}
      </p>
    )
  return (
    <p className={`d1 sm pad ${preview.stale ? 'stale' : ''}`} aria-live="polite">
      <b>{t('preview.now', { holds: count(of.open.holds), looked: count(of.open.looked) })}</b>
      {!of.open.exact && <span className="d2"> {t('preview.sample')}</span>}
      {' · '}
      {t('preview.history', { hits: count(of.history.hits), orders: count(of.history.orders) })}
      {preview.failed !== null && <span className="red"> {preview.failed}</span>}
    </p>
  )
}

function Text({ draft, names, locked, end, wide }: Editing & ShownIn): ReactNode {
  const t = useRuleTexts()
  const language = useLanguage()
  const { checked, text } = draft
  const problems = useMemo(
    () =>
      checked.refusals.map(({ start, end: until, message }) => ({
        ...{ start, end: until },
        message: language === 'en' ? message.en : message.zh,
      })),
    [checked, language],
  )
  const said = checked.ok ? (
    <span className="green">{t('text.ok')}</span>
  ) : (
    <span className="red">{t('text.bad', { count: problems.length })}</span>
  )
  return (
    <Pane
      title={t('text.title')}
      sub={t('text.sub')}
      end={
        <span className="row">
          {said}
          {end}
        </span>
      }
      style={wide ? WIDE : undefined}
    >
      <div className="pad">
        <Code
          label={t('text.label')}
          value={text.when}
          readOnly={locked !== null}
          problems={problems}
          names={names}
          onText={draft.setWhen}
        />
        <ul className="rule-problems" aria-label={t('text.problems')} aria-live="polite">
          {problems.map((problem, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: problems have nothing else to be told apart by
            <li key={i} className="red sm">
              {t('text.at', placeOf(text.when, problem.start))} {problem.message}
            </li>
          ))}
        </ul>
        {checked.ok && <Reads draft={draft} names={names} />}
      </div>
    </Pane>
  )
}

/** Inside of its pane: where its file does not come, the pane says so. */
function Code(props: CodeProps): ReactNode {
  const code = useText()
  return code === null ? <div className="code waits" /> : <code.Code {...props} />
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

function Reads({ draft }: Pick<Editing, 'draft' | 'names'>): ReactNode {
  const t = useRuleTexts()
  const reads = useMemo(() => (draft.checked.ok ? readsIn(draft.checked) : null), [draft.checked])
  if (reads === null) return null
  return (
    <p className="row wrap sm d2 reads">
      <span title={reads.facts.join(', ')}>{t('text.reads', { count: reads.facts.length })}</span>
      <span>{reads.now ? t('text.time') : t('text.noTime')}</span>
    </p>
  )
}
