import { texts } from '../../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const useRuleTexts = texts('rules', zhCN, () => import('./en.ts').then(m => m.en))
