import './author.css'
import { Package, Zap } from 'lucide-react'
import { type ReactNode, useCallback } from 'react'
import { authorOf } from '../lib/author.ts'
import { useNameOf, useNames, useRuleName } from './names.ts'
import { useKitTexts } from './texts.ts'

/** What decision tables are used for. */
const TABLES = ['triage', 'approval', 'routing'] as const

/** The name under which the shop of a practice world acts for its people. */
const PRACTICE = 'practice-shop'

/** Who a fact is from, by the name that people have here, and through what it came when it was done for them. */
export function useAuthorName(): (actor: string) => string {
  const t = useKitTexts()
  const nameOf = useNames()
  const ruleName = useRuleName()
  const feedName = useNameOf('feed')
  return useCallback(
    (text: string) => {
      const { kind, actor, name: bare, by } = authorOf(text)
      const table = TABLES.find(one => actor.startsWith(`table:${one}@`))
      const plain = (): string =>
        kind === 'rule' ? ruleName(unversioned(bare)) : kind === 'outside' ? feedName(bare) : nameOf(actor)
      const name = table ? t(`author.table.${table}`) : plain()
      return by === null ? name : t('author.by', { name, by: by === PRACTICE ? t('author.practice') : by })
    },
    [t, nameOf, ruleName, feedName],
  )
}

/** `amount_mismatch@1` without its version. */
const unversioned = (rule: string): string => rule.split('@', 1)[0] ?? rule

export interface AuthorGlyphProps {
  /** As facts carry it; null for nobody. */
  readonly of: string | null
  /** The person's own name, where it is known. */
  readonly name?: string
}

/** Round for people and outside parties, square and violet for rules and the system. The same everywhere. */
export function AuthorGlyph({ of, name }: AuthorGlyphProps): ReactNode {
  const t = useKitTexts()
  if (of === null) return <span className="av none" role="img" aria-label={t('author.none')} title={t('author.none')} />
  const author = authorOf(of)
  const shown = name ?? author.name
  const label = `${t(`author.${author.kind}`)} ${shown}`
  const square = author.kind === 'rule' || author.kind === 'system'
  return (
    <span className={`av ${square ? 'sys' : ''}`} role="img" aria-label={label} title={label}>
      {author.kind === 'person' && [...shown][0]?.toUpperCase()}
      {author.kind === 'rule' && 'R'}
      {author.kind === 'system' && <Zap size={12} aria-hidden />}
      {author.kind === 'outside' && <Package size={12} aria-hidden />}
    </span>
  )
}
