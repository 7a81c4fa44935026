import { texts } from '../../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const useAccessTexts = texts('access', zhCN, () => import('./en.ts').then(m => m.en))
