import { texts } from '../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const useAppTexts = texts('app', zhCN, () => import('./en.ts').then(m => m.en))
