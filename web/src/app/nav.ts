import {
  Activity,
  DatabaseBackup,
  Inbox,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  Package,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  UserRoundX,
  Users,
} from 'lucide-react'
import type { LiveCounts } from '../../../src/contract/api/live.ts'
import type { Right } from '../../../src/contract/rights.ts'
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
  /** Who lacks it does not see the place. */
  readonly right?: Right
}

/** The navigation, in its groups; a heading is a key of the texts, none for the first group. */
export const PLACES: readonly { readonly heading: NavKey | null; readonly places: readonly Place[] }[] = [
  {
    heading: null,
    places: [
      { to: '/', text: 'nav.cockpit', icon: LayoutDashboard, keys: 'g c' },
      { to: '/cases', text: 'nav.cases', icon: Inbox, keys: 'g i', right: 'case.read', count: c => c.open },
    ],
  },
  {
    heading: 'nav.fulfilment',
    places: [{ to: '/orders', text: 'nav.orders', icon: Package, keys: 'g o', right: 'order.read' }],
  },
  {
    heading: 'nav.standards',
    places: [{ to: '/rules', text: 'nav.rules', icon: SlidersHorizontal, keys: 'g l', right: 'rule.read' }],
  },
  {
    heading: 'nav.access',
    places: [
      { to: '/people', text: 'nav.people', icon: Users, keys: 'g p', right: 'user.read' },
      { to: '/roles', text: 'nav.roles', icon: ShieldCheck, keys: 'g q', right: 'user.read' },
      { to: '/keys', text: 'nav.keys', icon: KeyRound, keys: 'g k', right: 'key.manage' },
      { to: '/audit', text: 'nav.audit', icon: ScrollText, keys: 'g a', right: 'audit.read' },
      { to: '/personal-data', text: 'nav.personal', icon: UserRoundX, keys: 'g d', right: 'personal.erase' },
    ],
  },
  {
    heading: 'nav.run',
    places: [
      {
        ...{ to: '/system', text: 'nav.system', icon: Activity, keys: 'g y', right: 'operations.read' },
        // What came in and could not be used.
        count: c => (c.quarantined ?? 0) + (c.unmatched ?? 0),
      },
      { to: '/backups', text: 'nav.backups', icon: DatabaseBackup, keys: 'g b', right: 'backup.run' },
    ],
  },
]
