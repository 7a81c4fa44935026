import { LayoutDashboard, type LucideIcon, Package } from 'lucide-react'
import type { LiveCounts } from '../../../src/contract/api/live.ts'
import type { zhCN } from './zh-CN.ts'

type NavKey = Extract<keyof typeof zhCN, `nav.${string}`>

export interface Place {
  readonly to: string
  readonly text: NavKey
  readonly icon: LucideIcon
  readonly keys: string
  /** What stands at its end; nothing stands there when it is 0 or not known. */
  readonly count?: (counts: LiveCounts) => number | null
  /** The count says that something needs a person now. */
  readonly alarm?: boolean
}

/** The navigation, in its groups; a heading is a key of the texts, none for the first group. */
export const PLACES: readonly { readonly heading: NavKey | null; readonly places: readonly Place[] }[] = [
  { heading: null, places: [{ to: '/', text: 'nav.cockpit', icon: LayoutDashboard, keys: 'g c' }] },
  { heading: 'nav.fulfilment', places: [{ to: '/orders', text: 'nav.orders', icon: Package, keys: 'g o' }] },
]
