import { texts } from '../../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const usePracticeTexts = texts('practice', zhCN, () => import('./en.ts').then(m => m.en))
