import type { Label } from './facts.ts'
import { RIGHTS, type Right } from './rights.ts'

/** Words of signing in and of rights that screens, mails and the API share. */

/** Why a password is not taken, and what to do. */
export const PASSWORD_FLAWS = {
  too_short: { zh: '密码至少需要 12 个字符', en: 'Use at least 12 characters' },
  too_long: { zh: '密码最多 128 个字符', en: 'Use at most 128 characters' },
  too_common: {
    zh: '密码主要由常见词语、重复或连续字符组成，请换成几个不相关的词',
    en: 'Most of it is what anybody would try first: use a few words that have nothing to do with each other',
  },
  names_you: {
    zh: '密码主要由您的姓名或邮箱组成，请换一个',
    en: 'Most of it is your name or your mail address: use something else',
  },
} as const satisfies Record<string, Label>

export type PasswordFlawCode = keyof typeof PASSWORD_FLAWS

export const isPasswordFlaw = (code: unknown): code is PasswordFlawCode =>
  typeof code === 'string' && Object.hasOwn(PASSWORD_FLAWS, code)

/** What to tell who lacks a right: for the console beside what it hides, and in the problem `not_allowed`. */
export function whyNot(right: Right): Label {
  const { zh, en } = RIGHTS[right]
  return {
    zh: `需要“${zh}”权限（${right}），请联系管理员开通`,
    en: `This needs the right "${en}" (${right}): ask an administrator for it`,
  }
}

/** To who asks for figures over all orders and sees only some of them. */
export const REACH_NARROWED = {
  zh: '这些数字统计的是全部订单和工单，而您只能查看其中一部分（部分店铺、仓库或团队）。需要时请向能查看全部的同事询问，或请管理员调整您的角色范围',
  en: 'These figures count all orders and cases, and you see only those of some shops, warehouses or teams: ask somebody who sees all of them, or ask an administrator to widen your role',
} as const satisfies Label

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
