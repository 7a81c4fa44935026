import type { Label } from './facts.ts'

export interface CaseFactType {
  readonly v: number
  readonly label: Label
  /** Paths in the body that people write freely; they may name a person and are stored sealed. */
  readonly personal: readonly string[]
}

/** The facts that the cases room adds to a ledger; shown in a case's history under these names. */
export const CASE_FACTS = {
  'case.opened': { v: 1, label: { zh: '工单已建立', en: 'Case opened' }, personal: [] },
  'case.reopened': { v: 1, label: { zh: '工单重新打开', en: 'Case reopened' }, personal: ['reason'] },
  'case.cleared': { v: 1, label: { zh: '异常已消失', en: 'Exception cleared' }, personal: [] },
  'case.acknowledged': { v: 1, label: { zh: '工单已认领', en: 'Case acknowledged' }, personal: ['note'] },
  'case.assigned': { v: 1, label: { zh: '工单已指派', en: 'Case assigned' }, personal: ['note'] },
  'case.started': { v: 1, label: { zh: '开始处理', en: 'Work started' }, personal: ['note'] },
  'case.noted': { v: 1, label: { zh: '备注', en: 'Note' }, personal: ['text'] },
  'case.severity_set': { v: 1, label: { zh: '级别已调整', en: 'Severity changed' }, personal: ['reason'] },
  'case.resolved': { v: 1, label: { zh: '工单已解决', en: 'Case resolved' }, personal: ['result', 'note'] },
  'case.closed': {
    v: 1,
    label: { zh: '工单已关闭', en: 'Case closed' },
    personal: ['result', 'note', 'override.reason'],
  },
} as const satisfies Record<string, CaseFactType>

export type CaseFactName = keyof typeof CASE_FACTS
