import type { Texts } from '../../lib/texts.ts'
import type { zhCN } from './zh-CN.ts'

export const en: Texts<typeof zhCN> = {
  title: 'Cockpit',
  open: 'Open cases',
  'open.more': 'by severity, the worst first',
  none: 'There are no open cases',
  'none.why': 'As soon as something goes wrong with an order, its case shows up here by itself.',
  'col.severity': 'Sev.',
  'col.type': 'Exception',
  'col.order': 'Order',
  'col.amount': 'Amount',
  'col.opened': 'Found',
}
