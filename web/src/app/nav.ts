import { LayoutDashboard, type LucideIcon, Package } from 'lucide-react'
import type { zhCN } from './zh-CN.ts'

type NavKey = Extract<keyof typeof zhCN, `nav.${string}`>

export interface Place {
  readonly to: string
  readonly text: NavKey
  readonly icon: LucideIcon
  readonly keys: string
}

/** The navigation, in its groups; a heading is a key of the texts, none for the first group. */
export const PLACES: readonly { readonly heading: NavKey | null; readonly places: readonly Place[] }[] = [
  { heading: null, places: [{ to: '/', text: 'nav.cockpit', icon: LayoutDashboard, keys: 'g c' }] },
  { heading: 'nav.fulfilment', places: [{ to: '/orders', text: 'nav.orders', icon: Package, keys: 'g o' }] },
]
