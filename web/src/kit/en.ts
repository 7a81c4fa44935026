import type { Texts } from '../lib/texts.ts'
import type { zhCN } from './zh-CN.ts'

export const en: Texts<typeof zhCN> = {
  close: 'Close',
  'search.open': 'Search or run a command',
  'link.updated': 'Updated · {{time}}',
  'link.offline': 'Disconnected, trying again',
  'state.loading': 'Loading',
  'state.retry': 'Try again',
  'state.failed': '{{what}} could not be loaded',
  'state.unreachable': 'The server did not answer at {{time}}. Everything else still works.',
  'state.refused': '{{detail}} ({{code}})',
  'state.request': 'Request {{id}}',
}
