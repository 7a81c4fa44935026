import type { Label } from '../facts.ts'

/** A fact that the system itself writes; its owner, a later room, knows its body. */
export interface SystemFactType {
  readonly type: string
  readonly v: number
  readonly label: Label
}

const system = <const T extends string>(type: T, zh: string, en: string): SystemFactType & { readonly type: T } => ({
  type,
  v: 1,
  label: { zh, en },
})

export const systemFactTypes = {
  'finding.raised': system('finding.raised', '发现异常', 'Finding raised'),
  'finding.cleared': system('finding.cleared', '异常消除', 'Finding cleared'),
  'finding.pending': system('finding.pending', '发现待确认', 'Finding pending'),
  'finding.lapsed': system('finding.lapsed', '发现未成立', 'Finding lapsed'),
  'finding.inhibited': system('finding.inhibited', '发现暂缓（数据源静默）', 'Finding kept back: its feed is silent'),
  'shadow.raised': system('shadow.raised', '影子规则会发现异常', 'Finding of a rule in shadow'),
  'shadow.cleared': system('shadow.cleared', '影子规则的异常消除', 'Finding of a rule in shadow cleared'),
  'shadow.pending': system('shadow.pending', '影子规则的发现待确认', 'Finding of a rule in shadow pending'),
  'shadow.lapsed': system('shadow.lapsed', '影子规则的发现未成立', 'Finding of a rule in shadow lapsed'),
  'decision.made': system('decision.made', '决策表判定', 'Decided by a table'),
  'case.opened': system('case.opened', '工单建立', 'Case opened'),
  'case.acknowledged': system('case.acknowledged', '工单受理', 'Case acknowledged'),
  'case.assigned': system('case.assigned', '工单指派', 'Case assigned'),
  'case.started': system('case.started', '开始处理', 'Work on case started'),
  'case.waiting': system('case.waiting', '工单等待', 'Case waits'),
  'case.resumed': system('case.resumed', '等待结束', 'Wait of case ended'),
  'case.snoozed': system('case.snoozed', '稍后提醒', 'Case snoozed'),
  'case.released': system('case.released', '工单退回', 'Case given back'),
  'case.noted': system('case.noted', '工单备注', 'Case noted'),
  'case.triaged': system('case.triaged', '工单重新分派', 'Case triaged again'),
  'case.severity_set': system('case.severity_set', '工单级别调整', 'Case severity changed'),
  'case.resolved': system('case.resolved', '工单解决', 'Case resolved'),
  'case.cleared': system('case.cleared', '工单自行消除', 'Case cleared'),
  'case.reopened': system('case.reopened', '工单重开', 'Case reopened'),
  'case.closed': system('case.closed', '工单关闭', 'Case closed'),
  'command.refused': system('command.refused', '操作被拒绝', 'Command refused'),
  'feed.heard': system('feed.heard', '数据源心跳', 'Feed heard of'),
  'feed.unheard': system('feed.unheard', '曾停止接收', 'Nobody listened to the feed'),
  'feed.message_unmatched': system('feed.message_unmatched', '消息无法对应订单', 'Message without an order'),
  'feed.message_matched': system('feed.message_matched', '消息已对应订单', 'Message found its order'),
  'feed.message_dropped': system('feed.message_dropped', '等待的消息已删除', 'Waiting message removed'),
  'backup.failed': system('backup.failed', '备份失败或逾期', 'Backup failed or overdue'),
  'backup.done': system('backup.done', '备份恢复正常', 'Backup is good again'),
  'person.erased': system('person.erased', '个人信息已删除', 'Personal data erased'),
  'stream.carried': system('stream.carried', '状态结转', 'State carried over'),
}
