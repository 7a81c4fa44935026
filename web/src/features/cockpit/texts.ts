import { texts } from '../../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const useCockpitTexts = texts('cockpit', zhCN, () => import('./en.ts').then(m => m.en))
