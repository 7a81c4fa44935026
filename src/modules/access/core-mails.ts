/** The mails of this room, in the person's language or, where it is not known, in both. Plain text: nothing to click but the link. */

interface About {
  readonly person: { readonly name: string; readonly language: string | null }
  readonly link: string
  readonly url: string
}

interface Text {
  readonly subject: string
  readonly text: string
}

const MAILS = {
  invitation: {
    zh: ({ person, link, url }: About): Text => ({
      subject: '邀请您使用 Andon',
      text: `${person.name}，您好：\n\n您被邀请使用 ${url} 上的 Andon。请在 7 天内打开以下链接并设置密码：\n\n${link}\n\n如果您不认识这次邀请，请忽略本邮件。`,
    }),
    en: ({ person, link, url }: About): Text => ({
      subject: 'Your invitation to Andon',
      text: `Hello ${person.name},\n\nyou are invited to use Andon at ${url}. Open this link within 7 days and choose a password:\n\n${link}\n\nIf you do not expect this, leave it alone.`,
    }),
  },
  reset: {
    zh: ({ person, link }: About): Text => ({
      subject: '重设 Andon 密码',
      text: `${person.name}，您好：\n\n有人请求重设您的 Andon 密码。请在 1 小时内打开以下链接：\n\n${link}\n\n如果不是您本人，请忽略本邮件，密码不会改变。`,
    }),
    en: ({ person, link }: About): Text => ({
      subject: 'A new password for Andon',
      text: `Hello ${person.name},\n\nsomebody asked for a new password for your account. Open this link within 1 hour:\n\n${link}\n\nIf it was not you, leave it alone: your password stays as it is.`,
    }),
  },
}

export function linkMail(kind: keyof typeof MAILS, about: About): Text {
  const { zh, en } = MAILS[kind]
  const { language } = about.person
  if (language?.startsWith('zh')) return zh(about)
  if (language !== null) return en(about)
  const [first, second] = [zh(about), en(about)]
  return { subject: `${first.subject} / ${second.subject}`, text: `${first.text}\n\n---\n\n${second.text}` }
}
