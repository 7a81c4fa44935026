import { texts } from '../../lib/texts.ts'
import { zhCN } from './zh-CN.ts'

export const useGalleryTexts = texts('gallery', zhCN, () => import('./en.ts').then(m => m.en))
