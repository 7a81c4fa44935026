import { texts } from '../../../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const useAuditTexts = texts('audit', zhCN, () => import('./en.ts').then(m => m.en))
