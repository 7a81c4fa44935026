import type { Label } from './facts.ts'

/** Why a command was not carried out, and what to do instead. Codes are stable; `detail` of the refusal names the values. */
export const REFUSALS = {
  stream_not_found: {
    zh: '没有这个对象，请检查编号后重试',
    en: 'There is nothing with this id: check the id and try again',
  },
  command_unknown: {
    zh: '这个对象不接受该命令，请查看接口文档中的命令列表',
    en: 'This command does not exist here: see the list of commands in the API reference',
  },
  idempotency_mismatch: {
    zh: '该 Idempotency-Key 已用于另一条命令，请换一个新的键',
    en: 'This Idempotency-Key was used for another command: give a new one',
  },
  quarantined: {
    zh: '处理这条命令时出错，它已原样保存在隔离区；请让管理员排除故障后在隔离区重试',
    en: 'Carrying out this command failed; it is kept in quarantine: have an administrator try it again there once the fault is mended',
  },
  body_invalid: {
    zh: '命令内容有误，请按 detail 中的字段提示修改',
    en: 'The command is not well formed: correct the field that detail names',
  },
  case_not_found: {
    zh: '这个订单没有该工单，请刷新列表后重试',
    en: 'This stream has no such case: reload the list and pick the case again',
  },
  wrong_status: {
    zh: '工单当前状态不能这样操作，detail 列出了允许的状态；请先刷新工单',
    en: 'The case is not in a status that allows this: reload it and see detail for the statuses that do',
  },
  owner_required: {
    zh: '处理中的工单必须有负责人，请改派给另一个人',
    en: 'A case in work needs an owner: assign it to somebody else instead',
  },
  until_past: {
    zh: '时间已经过去，请选择一个将来的时间',
    en: 'That time has passed: choose one in the future',
  },
  cause_required: {
    zh: '关闭工单前请先选择原因',
    en: 'Choose a cause from the catalogue before closing',
  },
  cause_unknown: {
    zh: '原因目录里没有这个原因，请从 detail 列出的原因中选择',
    en: 'The catalogue has no such cause: choose one that detail lists',
  },
  result_required: {
    zh: '请写明处理结果（1 到 2000 字）后再关闭',
    en: 'Say what was done and how it ended (1 to 2000 characters) before closing',
  },
  anomaly_still_holds: {
    zh: '异常仍然存在，请先消除它；确需关闭时填写例外理由，该次例外会被记录',
    en: 'The exception still holds: remove it first, or give a reason to override, which is counted',
  },
  note_empty: {
    zh: '备注不能为空，请填写内容',
    en: 'A note needs text: write something',
  },
  note_too_long: {
    zh: '备注太长，请缩短到 detail 给出的字数以内',
    en: 'The note is too long: shorten it to the length that detail gives',
  },
  note_not_text: {
    zh: '备注包含无法保存的字符，请删除后重试',
    en: 'The note contains characters that cannot be stored: remove them and try again',
  },
} as const satisfies Record<string, Label>

export type RefusalCode = keyof typeof REFUSALS
