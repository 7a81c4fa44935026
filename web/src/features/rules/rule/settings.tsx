import type { ReactNode } from 'react'
import type { Label } from '../../../../../src/contract/facts.ts'
import { Pane } from '../../../kit/region.tsx'
import { useRuleTexts } from '../texts.ts'
import { Constants } from './constants.tsx'
import type { Editing } from './editing.ts'
import { Line } from './field.tsx'

const NONE: Label = { zh: '', en: '' }
const MINUTE = 60_000

/** What the rule is called, why it is there, who acts and how; and the limits that it names. */
export function Settings({ draft, locked }: Editing): ReactNode {
  const t = useRuleTexts()
  const { text, set } = draft
  const both = (of: 'name' | 'reason' | 'hint'): Label => text[of] ?? NONE
  const write = (of: 'name' | 'reason' | 'hint', language: 'zh' | 'en') => (said: string) =>
    set({ [of]: { ...both(of), [language]: said } })
  return (
    <Pane title={t('form.title')} sub={t('form.sub')}>
      <fieldset className="form pad" disabled={locked !== null} aria-label={t('form.title')}>
        <Line label={t('form.nameZh')} value={both('name').zh} onText={write('name', 'zh')} />
        <Line label={t('form.nameEn')} value={both('name').en} onText={write('name', 'en')} />
        <Line label={t('form.reasonZh')} rows={2} value={both('reason').zh} onText={write('reason', 'zh')} />
        <Line label={t('form.reasonEn')} rows={2} value={both('reason').en} onText={write('reason', 'en')} />
        <Line label={t('form.hintZh')} rows={2} value={both('hint').zh} onText={write('hint', 'zh')} />
        <Line label={t('form.hintEn')} rows={2} value={both('hint').en} onText={write('hint', 'en')} />
        <Line
          label={t('form.team')}
          hint={t('form.teamHint')}
          value={text.team ?? ''}
          onText={team => set({ team: team.trim() === '' ? undefined : team.trim() })}
        />
        <Line
          label={t('form.for')}
          hint={t('form.forHint')}
          value={text.for === undefined ? '' : String(text.for / MINUTE)}
          onText={minutes => set({ for: forOf(minutes) })}
        />
        <Constants draft={draft} />
      </fieldset>
    </Pane>
  )
}

function forOf(text: string): number | undefined {
  const minutes = Number(text)
  return text.trim() === '' || !(minutes > 0) ? undefined : Math.round(minutes * MINUTE)
}
