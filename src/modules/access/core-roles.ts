import { RIGHT_IDS, type Right } from '../../contract/rights.ts'
import type { Cells, Role } from './types.ts'

const all = (...rights: readonly Right[]): Cells => Object.fromEntries(rights.map(right => [right, 'all'] as const))
const team = (...rights: readonly Right[]): Cells => Object.fromEntries(rights.map(right => [right, 'team'] as const))

const LOOK = ['order.read', 'ledger.read', 'case.read', 'rule.read', 'user.read', 'view.save'] as const
const WORK = ['order.note', 'case.work', 'case.assign', 'case.close'] as const

const role = (id: string, name: { zh: string; en: string }, cells: Cells): Role => ({ id, name, cells, version: 0 })

/** The role that may do everything; at least one person has it, whole and active. */
export const ADMINISTRATOR = 'administrator'
/** The role of people from outside: they see the cases that are given to them or their team, and nothing else. */
export const GUEST = 'guest'

/** The roles that ship. They cannot be changed; what one wants otherwise is made as a role of one's own. */
export const BUILT_IN: readonly Role[] = [
  role(ADMINISTRATOR, { zh: '管理员', en: 'Administrator' }, all(...RIGHT_IDS)),
  role(
    'operations',
    { zh: '运营', en: 'Operations' },
    all(
      ...([
        ...LOOK,
        ...WORK,
        'case.severity',
        'case.override',
        'event.write',
        'quarantine.read',
        'quarantine.replay',
      ] as const),
      ...(['operations.read', 'job.manage', 'rule.edit', 'view.share', 'export.data', 'practice.run'] as const),
    ),
  ),
  role(
    'customer_service',
    { zh: '客服', en: 'Customer service' },
    all(...LOOK, ...WORK, 'case.severity', 'personal.reveal'),
  ),
  role('warehouse', { zh: '仓库', en: 'Warehouse' }, all(...LOOK, ...WORK)),
  role('logistics', { zh: '物流', en: 'Logistics' }, all(...LOOK, ...WORK, 'personal.reveal')),
  role('finance', { zh: '财务', en: 'Finance' }, all(...LOOK, ...WORK, 'export.data')),
  role(
    'manager',
    { zh: '主管', en: 'Manager' },
    all(
      ...([
        ...LOOK,
        ...WORK,
        'case.severity',
        'case.override',
        'quarantine.read',
        'operations.read',
        'rule.edit',
      ] as const),
      ...(['rule.publish', 'view.share', 'export.data', 'personal.reveal', 'audit.read', 'job.manage'] as const),
    ),
  ),
  role(
    'auditor',
    { zh: '审计', en: 'Auditor' },
    all(...LOOK, 'quarantine.read', 'operations.read', 'audit.read', 'audit.export', 'export.data'),
  ),
  role(GUEST, { zh: '供应商/承运商', en: 'Supplier or carrier' }, team('case.read', 'case.work')),
  role(
    'integration',
    { zh: '系统对接', en: 'Integration' },
    all('event.write', 'order.read', 'order.note', 'case.read', 'case.work', 'case.assign', 'rule.read'),
  ),
]

const BY_ID = new Map(BUILT_IN.map(built => [built.id, built]))

export const isBuiltIn = (id: string): boolean => BY_ID.has(id)

/** Built-in roles and those that people made, by id. */
export const rolesById = (own: readonly Role[]): ReadonlyMap<string, Role> =>
  new Map([...BY_ID, ...own.map(made => [made.id, made] as const)])
