import { Check, Plus, X } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { wholeTime } from '../../../lib/format.ts'
import { type Example, outcomesOf, readsIn, suggested } from '../model/examples.ts'
import { type FactLine, factLines } from '../model/fact-lines.ts'
import { Pick } from '../sentence/pick.tsx'
import { useSaid } from '../sentence/said.ts'
import { useRuleTexts } from '../texts.ts'
import type { Editing } from './editing.ts'

/** Orders on which the rule must, or must not, hold: it goes live only while all of them come out so. */
export function Examples({ draft, ground, locked }: Editing): ReactNode {
  const t = useRuleTexts()
  const { text, checked, set } = draft
  const [lacking, setLacking] = useState(false)
  const outcomes = useMemo(() => (checked.ok ? outcomesOf(checked, text.examples) : null), [checked, text.examples])
  const suggest = (): void => {
    if (!checked.ok) return
    const found = suggested(checked, ground)
    setLacking(found.includes(null))
    const added = found.filter(example => example !== null)
    set({ examples: [...text.examples.filter((e, i) => outcomes?.[i] === e.holds), ...added] })
  }
  const put = (at: number, next: Example): void => set({ examples: text.examples.map((e, i) => (i === at ? next : e)) })
  return (
    <Pane
      title={t('examples.title')}
      sub={t('examples.sub')}
      end={
        <Button
          small
          icon={<Plus size={13} aria-hidden />}
          unable={locked ?? (checked.ok ? null : t('examples.unread'))}
          onClick={suggest}
        >
          {t('examples.suggest')}
        </Button>
      }
    >
      <div className="pad">
        {text.examples.length === 0 && <p className="d2">{t('examples.none')}</p>}
        {lacking && <p className="amber sm">{t('examples.lacking')}</p>}
        <ul className="exs">
          {text.examples.map((example, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: examples have nothing else to be told apart by
            <li key={i}>
              <One
                n={i + 1}
                {...{ draft, ground, example }}
                outcome={outcomes?.[i] ?? null}
                locked={locked}
                onPut={next => put(i, next)}
                onRemove={() => set({ examples: text.examples.filter((_, at) => at !== i) })}
              />
            </li>
          ))}
        </ul>
      </div>
    </Pane>
  )
}

interface OneProps extends Of<Editing, 'draft' | 'ground' | 'locked'> {
  readonly n: number
  readonly example: Example
  readonly outcome: boolean | null
  readonly onPut: (example: Example) => void
  readonly onRemove: () => void
}
type Of<T, K extends keyof T> = { readonly [P in K]: T[P] }

function One({ n, draft, ground, example, outcome, locked, onPut, onRemove }: OneProps): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const wordOf = (value: FactLine['value']): string => {
    if (value === null) return t('examples.missing')
    return typeof value === 'boolean' ? t(value ? 'row.yes' : 'row.no') : said(value)
  }
  const reads = draft.checked.ok ? readsIn(draft.checked).facts : []
  const lines = factLines(example.facts, reads, ground.schema)
  const right = outcome === null ? null : outcome === example.holds
  return (
    <>
      <div className="row">
        <b className="m">{t('examples.one', { n })}</b>
        <Pick
          label={t('examples.wanted')}
          disabled={locked !== null}
          value={example.holds ? 'yes' : 'no'}
          options={[
            { value: 'yes', label: t('examples.holds') },
            { value: 'no', label: t('examples.not') },
          ]}
          onPick={holds => onPut({ ...example, holds: holds === 'yes' })}
        />
        {right === true && (
          <span className="green sm row">
            <Check size={13} aria-hidden /> {t('examples.right')}
          </span>
        )}
        {right === false && <span className="red sm">{t('examples.wrong')}</span>}
        <span className="grow" />
        {locked === null && (
          <Button
            kind="ghost"
            small
            name={t('examples.remove', { n })}
            icon={<X size={13} aria-hidden />}
            onClick={onRemove}
          />
        )}
      </div>
      <p className="sm d1">
        {t('examples.at', { time: wholeTime(example.now) })}
        {lines.map(({ path, label, value }) => (
          <span key={path} title={path}>
            {' · '}
            {label ? said(label) : path} <b className="m">{wordOf(value)}</b>
          </span>
        ))}
      </p>
    </>
  )
}
