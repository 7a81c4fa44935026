import '../access.css'
import { type ReactNode, useEffect } from 'react'
import { Segment } from '../../../kit/button.tsx'
import { Lamp } from '../../../kit/lamp.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { type Language, setPrefs } from '../../../lib/prefs.ts'
import { speak } from '../../../lib/texts.ts'
import { useAccessTexts } from '../texts.ts'

/** The page around everything that comes before the sign-in. */
export function Frame({ title, children }: { title: string; children: ReactNode }): ReactNode {
  const t = useAccessTexts()
  const language = useLanguage()
  useEffect(() => {
    document.title = `${title} · Andon`
  }, [title])
  const choose = (next: Language): void => {
    setPrefs({ language: next })
    void speak(next)
  }
  return (
    <div className="door">
      <main id="main" className="door-box">
        <div className="row door-head">
          <Lamp size={24} />
          <b>Andon</b>
          <span className="grow" />
          <Segment
            label={t('language')}
            value={language}
            options={[
              { value: 'zh-CN', label: t('language.zh') },
              { value: 'en', label: t('language.en') },
            ]}
            onChange={choose}
          />
        </div>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  )
}
