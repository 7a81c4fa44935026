import i18next, { type TOptions } from 'i18next'
import { useCallback } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import { part } from './part.ts'
import type { Language } from './prefs.ts'

/**
 * Texts. Each feature has `zh-CN.ts` (the keys and the default) and `en.ts` (held to the same keys by its type), and one
 * `texts.ts` that joins them. Chinese comes with the feature, English when somebody reads it.
 */

export type Texts<Z> = { readonly [K in keyof Z]: string } & {
  // English says one thing and many things differently; i18next picks `_one` for a `count` of 1.
  readonly [K in keyof Z as K extends string ? `${K}_one` : never]?: string
}

/** The names between `{{` and `}}`. */
type Slots<Text> = Text extends `${string}{{${infer Name}}}${infer Rest}` ? Name | Slots<Rest> : never
type Values<Text> = [Slots<Text>] extends [never]
  ? [values?: { readonly count?: number }]
  : [values: { readonly [N in Slots<Text>]: string | number }]

export type Translate<Z> = <K extends keyof Z & string>(key: K, ...values: Values<Z[K]>) => string

interface Bundle {
  readonly zh: Readonly<Record<string, string>>
  readonly en: () => Promise<Readonly<Record<string, string>>>
}

const bundles = new Map<string, Bundle>()

/** Declares the texts of a feature; what it gives back is the feature's hook. */
export function texts<const Z extends Readonly<Record<string, string>>>(
  name: string,
  zh: Z,
  en: () => Promise<Texts<Z>>,
): () => Translate<Z> {
  bundles.set(name, { zh, en: part(async () => ({ ...(await en()) })) })
  if (i18next.isInitialized) i18next.addResourceBundle('zh-CN', name, zh)
  return () => {
    const { t } = useTranslation(name)
    // The keys and what they ask for are known better here than in i18next's own types.
    return useCallback((key: string, values?: TOptions) => t(key, values ?? {}), [t]) as Translate<Z>
  }
}

const backend = {
  type: 'backend',
  init: () => {},
  read(language: string, name: string, done: (error: unknown, found: Readonly<Record<string, string>> | null) => void) {
    const bundle = bundles.get(name)
    if (bundle === undefined) return done(new Error(`no texts of the name ${name}`), null)
    if (language !== 'en') return done(null, bundle.zh)
    bundle.en().then(
      found => done(null, found),
      error => done(error, null),
    )
  },
} as const

export async function startTexts(language: Language, names: readonly string[]): Promise<void> {
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: 'zh-CN',
      supportedLngs: ['zh-CN', 'en'],
      load: 'currentOnly',
      ns: [...names],
      defaultNS: names[0] ?? 'app',
      keySeparator: false,
      nsSeparator: false,
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    })
}

/** Loads a file and the texts that it shows: a page that finds them missing would be drawn, taken back and drawn again. */
export const withTexts =
  <T>(load: () => Promise<T>): (() => Promise<T>) =>
  async () => {
    const loaded = await load()
    if (i18next.isInitialized) await i18next.loadNamespaces([...bundles.keys()])
    return loaded
  }

/** Another language without a reload. */
export async function speak(language: Language): Promise<void> {
  await i18next.changeLanguage(language)
}
