import type { Texts } from '../../lib/texts.ts'
import type { zhCN } from './zh-CN.ts'

export const en: Texts<typeof zhCN> = {
  title: 'Cockpit',
  none: 'There are no open cases',
  'none.why': 'As soon as something goes wrong with an order, its case shows up here by itself.',
  kpis: 'Key figures',
  'kpi.open': 'Open cases',
  'kpi.overdue': 'Overdue',
  'kpi.money': 'Money at risk',
  'kpi.moneyNote': 'orders of the open cases',
  'kpi.soon': '{{count}} more within 2 hours',
  feed: 'Live feed',
  'feed.rate': '{{count}} a minute',
  'feed.none': 'Nothing has happened yet',
  'feed.noneWhy': 'What happens from now on shows up here.',
  urgent: 'Most at risk',
  'urgent.by': 'Sort',
  'urgent.all': 'all {{count}}',
  'urgent.risk': 'by severity and clock',
  'urgent.due': 'by clock',
  'urgent.money': 'by money',
  sources: '{{count}} feeds',
  'sources.heard': 'heard {{age}} ago',
  'sources.overdue': 'messages of {{names}} wait too long',
}
