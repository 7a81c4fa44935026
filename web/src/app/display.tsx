import { type ReactNode, useMemo, useState } from 'react'
import { Segment } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { useLanguage } from '../kit/time.tsx'
import { type Density, type Language, setPrefs, type Theme, usePrefs } from '../lib/prefs.ts'
import { speak } from '../lib/texts.ts'
import type { Verb } from '../lib/verbs.ts'
import { useAppTexts } from './texts.ts'

function chooseLanguage(language: Language): void {
  setPrefs({ language })
  void speak(language)
}

/** How the console looks on this screen: theme, language, density, keys. Every choice takes effect at once. */
export function DisplaySettings({ icon }: { icon: ReactNode }): ReactNode {
  const t = useAppTexts()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setOpen(true)} title={t('settings.title')}>
        {icon}
        <span className="el">{t('settings.title')}</span>
      </button>
      <Dialog open={open} title={t('settings.title')} onClose={() => setOpen(false)} width={420}>
        <Choices />
      </Dialog>
    </>
  )
}

function Choices(): ReactNode {
  const t = useAppTexts()
  const prefs = usePrefs()
  const language = useLanguage()
  const row = (label: string, control: ReactNode): ReactNode => (
    <div className="row" style={{ minHeight: 36 }}>
      <span className="grow">{label}</span>
      {control}
    </div>
  )
  return (
    <div className="in">
      {row(t('settings.theme'), <ThemeChoice value={prefs.theme} />)}
      {row(
        t('settings.language'),
        <Segment<Language>
          label={t('settings.language')}
          value={language}
          options={[
            { value: 'zh-CN', label: t('verb.chinese') },
            { value: 'en', label: t('verb.english') },
          ]}
          onChange={chooseLanguage}
        />,
      )}
      {row(t('settings.density'), <DensityChoice value={prefs.density} />)}
      {row(
        t('settings.keys'),
        <Segment<'on' | 'off'>
          label={t('settings.keys')}
          value={prefs.singleKeys ? 'on' : 'off'}
          options={[
            { value: 'on', label: t('settings.keysOn') },
            { value: 'off', label: t('settings.keysOff') },
          ]}
          onChange={value => setPrefs({ singleKeys: value === 'on' })}
        />,
      )}
    </div>
  )
}

function ThemeChoice({ value }: { value: Theme }): ReactNode {
  const t = useAppTexts()
  return (
    <Segment<Theme>
      label={t('settings.theme')}
      value={value}
      options={[
        { value: 'light', label: t('verb.light') },
        { value: 'dark', label: t('verb.dark') },
        { value: 'system', label: t('verb.system') },
      ]}
      onChange={theme => setPrefs({ theme })}
    />
  )
}

function DensityChoice({ value }: { value: Density }): ReactNode {
  const t = useAppTexts()
  return (
    <Segment<Density>
      label={t('settings.density')}
      value={value}
      options={[
        { value: 'compact', label: t('verb.compact') },
        { value: 'comfortable', label: t('verb.comfortable') },
      ]}
      onChange={density => setPrefs({ density })}
    />
  )
}

/** The same choices as verbs of the command menu. */
export function useDisplayVerbs(): readonly Verb[] {
  const t = useAppTexts()
  return useMemo(() => {
    const verb = (id: string, label: string, run: () => void): Verb => ({ id, label, group: t('group.show'), run })
    return [
      verb('theme.light', t('verb.light'), () => setPrefs({ theme: 'light' })),
      verb('theme.dark', t('verb.dark'), () => setPrefs({ theme: 'dark' })),
      verb('theme.system', t('verb.system'), () => setPrefs({ theme: 'system' })),
      verb('density.compact', t('verb.compact'), () => setPrefs({ density: 'compact' })),
      verb('density.comfortable', t('verb.comfortable'), () => setPrefs({ density: 'comfortable' })),
      verb('language.zh', t('verb.chinese'), () => chooseLanguage('zh-CN')),
      verb('language.en', t('verb.english'), () => chooseLanguage('en')),
    ]
  }, [t])
}
