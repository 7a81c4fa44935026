import { useMemo } from 'react'
import type { AuditItem } from '../../../../../src/contract/api/index.ts'
import { useAuditTexts } from './texts.ts'
import { zhCN } from './zh-CN.ts'

type Named = Extract<
  keyof typeof zhCN,
  `verb.${string}` | `who.${string}` | `subject.${string}` | `noun.${string}` | `field.${string}`
>
const isKey = (key: string): key is Named => Object.hasOwn(zhCN, key)

const named = (prefix: string): string[] =>
  Object.keys(zhCN).flatMap(key => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []))

/** Everything that has a word, for the lists to choose from. */
export const VERBS: readonly string[] = named('verb.')
export const KINDS: readonly string[] = named('subject.')

export interface AuditWords {
  readonly verb: (id: string) => string
  /** Verbs in whose words a text stands. */
  readonly verbsLike: (text: string) => readonly string[]
  /** `user:anna` as `Person Anna Li`. */
  readonly actor: (id: string, name: string | null) => string
  readonly kind: (kind: string) => string
  readonly subject: (of: NonNullable<AuditItem['subject']>) => string
  /** A field that changed: the known parts of its path in words. */
  readonly field: (path: string) => string
}

/** What an entry says in the reader's language; what has no name yet keeps its id. */
export function useAuditWords(): AuditWords {
  const t = useAuditTexts()
  return useMemo(() => {
    const said = (key: string, otherwise: string): string => (isKey(key) ? t(key) : otherwise)
    const verb = (id: string): string => said(`verb.${id}`, id)
    const kindOf = (kind: string): string => said(`subject.${kind}`, said(`noun.${kind}`, kind))
    return {
      verb,
      verbsLike: text => VERBS.filter(id => verb(id).toLowerCase().includes(text.toLowerCase())),
      actor: (id, name) => {
        const [kind = '', ...rest] = id.split(':')
        // Who is nobody in particular is no more than that.
        const own = name ?? (kind === 'guest' ? '' : rest.join(':'))
        return [said(`who.${kind}`, kind), own].filter(part => part !== '').join(' ')
      },
      kind: kindOf,
      subject: ({ kind, id, name }) => `${kindOf(kind)} ${name ?? id}`,
      field: path =>
        path
          .split('.')
          .map(step => said(`field.${step}`, step))
          .join(' · '),
    }
  }, [t])
}
