import { create } from 'zustand'

export type Theme = 'light' | 'dark' | 'system'
export type Language = 'zh-CN' | 'en'
export type Density = 'compact' | 'comfortable'

export interface Prefs {
  readonly theme: Theme
  /** None: what the browser prefers. */
  readonly language: Language | null
  readonly density: Density
  /** Columns that a person left out or set wider, by the name of the list. */
  readonly columns: Readonly<Record<string, ColumnChoice>>
  /** The saved view that a list opens with, by the name of the list. */
  readonly views: Readonly<Record<string, string>>
  /** Whether single keys are verbs. */
  readonly singleKeys: boolean
}

export interface ColumnChoice {
  readonly hidden?: readonly string[]
  readonly widths?: Readonly<Record<string, number>>
}

const KEY = 'andon.prefs'
const USUAL: Prefs = { theme: 'system', language: null, density: 'compact', columns: {}, views: {}, singleKeys: true }

/** What was kept in this browser; anything that is not as it should be counts as not kept. */
function kept(): Prefs {
  const read = parsed(localStorageText())
  return {
    theme: read.theme === 'light' || read.theme === 'dark' ? read.theme : 'system',
    language: read.language === 'zh-CN' || read.language === 'en' ? read.language : null,
    density: read.density === 'comfortable' ? 'comfortable' : 'compact',
    columns: columnsIn(read.columns),
    views: viewsIn(read.views),
    singleKeys: read.singleKeys !== false,
  }
}

function localStorageText(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    // Storage may be forbidden; the console works without.
    return null
  }
}

function parsed(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function columnsIn(value: unknown): Prefs['columns'] {
  // Written by us alone; a hand-made value can at worst hide columns, and the column menu brings them back.
  return typeof value === 'object' && value !== null ? (value as Prefs['columns']) : {}
}

const viewsIn = (value: unknown): Prefs['views'] =>
  Object.fromEntries(
    Object.entries(typeof value === 'object' && value !== null ? value : {}).filter(([, id]) => typeof id === 'string'),
  )

export const usePrefs = create<Prefs>(kept)

/** Changes preferences, keeps them, and puts them on the page. */
export function setPrefs(change: Partial<Prefs>): void {
  usePrefs.setState(change)
  const now = usePrefs.getState()
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...USUAL, ...now }))
  } catch {
    // Storage may be full or forbidden: the choice then holds until the page is left.
  }
  applyPrefs(now)
}

const systemDark = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)')

export const isDark = (theme: Theme): boolean => theme === 'dark' || (theme === 'system' && systemDark().matches)

export const languageOf = (chosen: Language | null): Language =>
  chosen ?? (/^zh\b/i.test(navigator.language) ? 'zh-CN' : 'en')

function applyPrefs({ theme, density, language }: Prefs): void {
  const root = document.documentElement
  root.dataset.theme = isDark(theme) ? 'dark' : 'light'
  root.dataset.density = density
  root.lang = languageOf(language)
}

/** Follows the system while the theme is the system's, and other windows of this browser. */
export function followOutside(): void {
  systemDark().addEventListener('change', () => usePrefs.setState({}))
  systemDark().addEventListener('change', () => applyPrefs(usePrefs.getState()))
  window.addEventListener('storage', event => {
    if (event.key !== KEY) return
    usePrefs.setState(kept())
    applyPrefs(usePrefs.getState())
  })
}
