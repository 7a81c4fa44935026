import type { Label } from './facts.ts'

/** Kinds of data that do not stay for ever. */
export const RETAINED = ['personal', 'quarantine', 'unmatched', 'seen', 'sent', 'dead', 'job', 'audit'] as const
export type Retained = (typeof RETAINED)[number]

export interface RetentionKind {
  readonly name: Label
  /** What goes, and from when its days are counted. */
  readonly about: Label
  /** Days, unless somebody changed it; null: for ever. */
  readonly usual: number | null
  readonly least: number
  /** Null: it may be kept for ever. */
  readonly most: number | null
}

/** What each kind is, and the bounds in which it may be changed. */
export const RETENTION: { readonly [K in Retained]: RetentionKind } = {
  personal: {
    name: { zh: '订单中的个人信息', en: 'Personal data of orders' },
    about: {
      zh: '订单结束且最后一条消息之后起算；到期后个人信息被删除，订单本身保留',
      en: 'Counted from the last message of an order that is over; the personal data is erased, the order stays',
    },
    // Chinese e-commerce law asks for three years of transaction records; after them nothing needs the person.
    usual: 1095,
    least: 30,
    most: null,
  },
  quarantine: {
    name: { zh: '隔离区', en: 'Quarantine' },
    about: { zh: '无法生效的消息，自进入之日起算', en: 'What could not take effect, counted from when it came' },
    usual: 90,
    least: 7,
    most: 400,
  },
  unmatched: {
    name: { zh: '无法对应订单的消息', en: 'Messages without an order' },
    about: { zh: '自收到之日起算', en: 'Counted from when they came' },
    usual: 30,
    least: 2,
    most: 400,
  },
  seen: {
    name: { zh: '已收消息的编号', en: 'Ids of messages that came' },
    about: {
      zh: '只保存摘要；删除后同一消息再次发送会被当作新消息',
      en: 'Digests only; a message that is sent again after that counts as new',
    },
    usual: 400,
    least: 30,
    most: null,
  },
  sent: {
    name: { zh: '已送达的外发消息', en: 'Messages that were delivered' },
    about: { zh: '自生成之日起算', en: 'Counted from when they were made' },
    usual: 7,
    least: 1,
    most: 400,
  },
  dead: {
    name: { zh: '无法送达的外发消息', en: 'Messages that could not be delivered' },
    about: { zh: '自生成之日起算', en: 'Counted from when they were made' },
    usual: 90,
    least: 7,
    most: 400,
  },
  job: {
    name: { zh: '已结束的任务', en: 'Jobs that are over' },
    about: { zh: '自结束之日起算', en: 'Counted from their end' },
    usual: 90,
    least: 1,
    most: null,
  },
  audit: {
    name: { zh: '审计记录', en: 'The audit trail' },
    about: {
      zh: '自记录之日起算；环节的摘要保留，证明链不断',
      en: 'Counted from when it was written; the links stay, so that the chain can still be proven',
    },
    usual: 1825,
    least: 180,
    most: null,
  },
}
