import type { Label } from './facts.ts'

/**
 * Terms. Right: one thing that a role may allow. Reach: over which orders or cases somebody has it.
 *
 * What a right is about decides how a narrowed assignment limits it:
 * - `order`: orders and what belongs to them; by shop and warehouse.
 * - `case`: cases; by shop, warehouse, team and own.
 * - `shop`: what came from a shop and has no order yet; by shop.
 * - `free`: nothing of any order in it; whoever has it has it whole.
 * - `whole`: the installation itself; an assignment that is narrowed does not give it.
 */
export type About = 'order' | 'case' | 'shop' | 'free' | 'whole'

interface RightMeta extends Label {
  readonly about: About
}

/** Every right there is. A route names one of them; a role is a table of them. Ids are stable. */
export const RIGHTS = {
  'order.read': { about: 'order', zh: '查看订单', en: 'See orders' },
  'order.note': { about: 'order', zh: '添加订单备注', en: 'Write notes on orders' },
  'ledger.read': { about: 'order', zh: '查看订单的完整记录', en: 'See the ledger of orders' },
  'case.read': { about: 'case', zh: '查看工单', en: 'See cases' },
  'case.work': { about: 'case', zh: '处理工单', en: 'Work on cases' },
  'case.assign': { about: 'case', zh: '指派工单', en: 'Assign cases' },
  'case.severity': { about: 'case', zh: '调整工单级别', en: 'Change the severity of cases' },
  'case.close': { about: 'case', zh: '关闭和重新打开工单', en: 'Close and reopen cases' },
  'case.override': {
    about: 'case',
    zh: '异常仍在时关闭工单',
    en: 'Close cases while the exception holds',
  },
  'event.write': { about: 'shop', zh: '发送事件', en: 'Send events' },
  'quarantine.read': { about: 'shop', zh: '查看隔离区和等待的消息', en: 'See quarantine and what waits' },
  'quarantine.replay': { about: 'shop', zh: '重放隔离区的记录', en: 'Replay quarantined rows' },
  'operations.read': { about: 'whole', zh: '查看运行状况', en: 'See how the system runs' },
  'job.manage': { about: 'whole', zh: '停止他人的任务', en: 'Stop the jobs of others' },
  'rule.read': { about: 'free', zh: '查看规则', en: 'See rules' },
  'rule.edit': { about: 'whole', zh: '编辑规则草稿', en: 'Edit drafts of rules' },
  'rule.publish': { about: 'whole', zh: '发布和停用规则', en: 'Publish and retire rules' },
  'view.save': { about: 'free', zh: '保存自己的视图', en: 'Save views of one’s own' },
  'view.share': { about: 'free', zh: '与他人共享视图', en: 'Share views with others' },
  'export.data': { about: 'order', zh: '导出数据', en: 'Export data' },
  'personal.reveal': { about: 'order', zh: '查看个人信息明文', en: 'Reveal personal data' },
  'personal.export': { about: 'whole', zh: '导出某人的个人信息', en: 'Export the data of one person' },
  'personal.erase': { about: 'whole', zh: '删除个人信息', en: 'Erase personal data' },
  'audit.read': { about: 'whole', zh: '查看审计记录', en: 'See the audit trail' },
  'audit.export': { about: 'whole', zh: '导出审计记录', en: 'Export the audit trail' },
  'user.read': { about: 'free', zh: '查看同事名单', en: 'See who works here' },
  'user.manage': { about: 'whole', zh: '管理人员', en: 'Manage people' },
  'role.manage': { about: 'whole', zh: '管理角色', en: 'Manage roles' },
  'key.manage': { about: 'whole', zh: '管理接口密钥', en: 'Manage API keys' },
  'actor.behalf': { about: 'whole', zh: '代他人操作', en: 'Act on behalf of others' },
  'config.manage': { about: 'whole', zh: '修改系统设置', en: 'Change the settings' },
  'backup.run': { about: 'whole', zh: '备份', en: 'Make backups' },
  'practice.run': { about: 'whole', zh: '控制演练环境', en: 'Run the practice shop' },
} as const satisfies Record<string, RightMeta>

export type Right = keyof typeof RIGHTS

/** What a route asks of its caller: a right, a sign-in of any kind, or nothing. */
export type Access = Right | 'public' | 'signed_in'

// The keys of a literal are its keys: `Object.keys` forgets that.
export const RIGHT_IDS = Object.keys(RIGHTS) as readonly Right[]

export const isRight = (id: string): id is Right => Object.hasOwn(RIGHTS, id)
