import { texts } from '../../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const useOrderTexts = texts('orders', zhCN, () => import('./en.ts').then(m => m.en))
