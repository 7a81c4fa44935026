import { texts } from '../../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const useSystemTexts = texts('system', zhCN, () => import('./en.ts').then(m => m.en))
