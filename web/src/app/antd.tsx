import { ConfigProvider } from 'antd'
import type { Locale } from 'antd/es/locale'
import zhCN from 'antd/locale/zh_CN'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useLanguage } from '../kit/time.tsx'
import { isDark, usePrefs } from '../lib/prefs.ts'
import { antdTheme } from '../lib/theme.ts'

// Vite puts the nonce of this page there; antd's styles must carry it.
const nonce = document.querySelector<HTMLElement>('meta[property=csp-nonce]')?.nonce

/** antd in our tokens, in the language of the console. */
export function Antd({ children }: { children: ReactNode }): ReactNode {
  const dark = usePrefs(prefs => isDark(prefs.theme))
  const theme = useMemo(() => antdTheme(dark), [dark])
  return (
    <ConfigProvider
      locale={useAntdLocale()}
      theme={theme}
      csp={nonce === undefined ? {} : { nonce }}
      wave={{ disabled: true }}
      button={{ autoInsertSpace: false }}
    >
      {children}
    </ConfigProvider>
  )
}

function useAntdLocale(): Locale {
  const language = useLanguage()
  const [english, setEnglish] = useState<Locale | null>(null)
  useEffect(() => {
    if (language === 'en') void import('antd/locale/en_US').then(m => setEnglish(m.default))
  }, [language])
  return language === 'en' && english !== null ? english : zhCN
}
