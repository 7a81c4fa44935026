import { useAccessTexts } from '../texts.ts'
import { zhCN } from '../zh-CN.ts'

type Named = Extract<keyof typeof zhCN, `verb.${string}` | `who.${string}` | `subject.${string}`>
const isKey = (key: string): key is Named => Object.hasOwn(zhCN, key)

export interface AuditWords {
  readonly verb: (id: string) => string
  /** `user:anna` as `Person anna`. */
  readonly actor: (id: string) => string
  readonly subject: (of: { readonly kind: string; readonly id: string }) => string
}

/** What an entry says in the reader's language; what has no name yet keeps its id. */
export function useAuditWords(): AuditWords {
  const t = useAccessTexts()
  const said = (key: string, otherwise: string): string => (isKey(key) ? t(key) : otherwise)
  return {
    verb: id => said(`verb.${id}`, id),
    actor: id => {
      const [kind = '', ...rest] = id.split(':')
      return [said(`who.${kind}`, kind), rest.join(':')].filter(part => part !== '').join(' ')
    },
    subject: ({ kind, id }) => `${said(`subject.${kind}`, kind)} ${id}`,
  }
}
