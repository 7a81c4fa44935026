import type { RuleText, RuleVersionItem } from '../../../../../src/contract/api/rules.ts'
import type { Reply } from '../../../lib/api.ts'
import type { Base } from '../model/base.ts'
import type { Draft } from '../model/draft.ts'
import type { Ground, Names } from '../model/ground.ts'
import type { RuleSearch } from '../search.ts'

export type RuleDetail = Reply<'getRule'>

export interface EditorProps {
  /** Null for a rule that nobody saved. */
  readonly id: string | null
  readonly detail: RuleDetail | null
  readonly ground: Ground
  readonly search: RuleSearch
}

/** What the regions of the page share. */
export interface Editing extends EditorProps {
  /** The version that is edited, as it stands now; null before the first. */
  readonly shown: RuleVersionItem | null
  /** What the edit began with. */
  readonly base: Base<RuleText>
  readonly draft: Draft
  /** Somebody else saved since: what is written here shall stand on top of that. */
  readonly keepMine: (newest: { readonly hash: string }) => void
  readonly names: Names
  /** Why nothing may be changed here; null when it may. */
  readonly locked: string | null
}
