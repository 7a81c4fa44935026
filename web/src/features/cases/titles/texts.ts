import { texts } from '../../../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const useTitleTexts = texts('titles', zhCN, () => import('./en.ts').then(m => m.en))

export type TitleKey = keyof typeof zhCN
const isTitle = (key: string): key is TitleKey => Object.hasOwn(zhCN, key)

/** The text for the title of cases of a type; null for types that Andon does not ship. */
export const titleKey = (type: string): TitleKey | null => {
  const key = `title.${type}`
  return isTitle(key) ? key : null
}
