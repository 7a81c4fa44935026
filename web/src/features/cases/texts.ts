import { texts } from '../../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const useCaseTexts = texts('cases', zhCN, () => import('./en.ts').then(m => m.en))
