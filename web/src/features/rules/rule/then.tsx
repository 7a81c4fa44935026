import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import type { Severity } from '../../../../../src/contract/exceptions.ts'
import { asking } from '../../../lib/query.ts'
import type { Draft } from '../model/draft.ts'
import { Pick } from '../sentence/pick.tsx'
import { useRuleTexts } from '../texts.ts'

const SEVERITIES: readonly Severity[] = ['P0', 'P1', 'P2', 'P3']

/** What happens when the condition holds: the last line of the sentence. */
export function Then({ draft: { text, set } }: { draft: Draft }): ReactNode {
  const t = useRuleTexts()
  return (
    <div className="snt-then">
      <span className="kw">{t('word.then')}</span>
      <div className="words">
        <span>{t('then.opens')}</span>
        <TypeBox value={text.type} onType={type => set({ type })} />
        <span>{t('then.case')}</span>
        <Pick<Severity>
          strong
          label={t('form.severity')}
          value={text.severity}
          options={SEVERITIES.map(value => ({ value, label: value }))}
          onPick={severity => set({ severity })}
        />
        <span>{t('then.gone')}</span>
        <Pick
          label={t('form.clears')}
          value={text.clears}
          options={[
            { value: 'auto', label: t('form.auto') },
            { value: 'look', label: t('form.look') },
          ]}
          onPick={clears => set({ clears })}
        />
      </div>
    </div>
  )
}

/** A type that other rules use, or a new one. */
function TypeBox({ value, onType }: { value: string; onType: (type: string) => void }): ReactNode {
  const t = useRuleTexts()
  const list = useId()
  const rules = useQuery(asking('listRuleNames', {}))
  const types = [...new Set((rules.data?.items ?? []).map(rule => rule.type))].sort()
  return (
    <>
      <input
        className="pick v"
        style={{ width: 170 }}
        aria-label={t('form.type')}
        placeholder={t('form.typeHint')}
        list={list}
        value={value}
        onChange={event => onType(event.target.value)}
      />
      <datalist id={list}>
        {types.map(type => (
          <option key={type} value={type} />
        ))}
      </datalist>
    </>
  )
}
