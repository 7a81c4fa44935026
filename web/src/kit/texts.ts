import { texts } from '../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const useKitTexts = texts('kit', zhCN, () => import('./en.ts').then(m => m.en))
