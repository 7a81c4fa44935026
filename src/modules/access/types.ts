import type { Label } from '../../contract/facts.ts'
import type { Right } from '../../contract/rights.ts'

/**
 * Terms. Role: a table of rights. Cell: over what a role gives one of them. Assignment: that a person has a role, whole or
 * narrowed to shops and warehouses. Team: a name that people share and that may own cases, `team:logistics`.
 */

/** All cases, those of one's teams and one's own, or one's own. Only rights about cases may be less than `all`. */
export const CELLS = ['all', 'team', 'own'] as const
export type Cell = (typeof CELLS)[number]

export type Cells = { readonly [R in Right]?: Cell }

export interface Role {
  readonly id: string
  readonly name: Label
  readonly cells: Cells
  /** 0 for the built-in ones. */
  readonly version: number
}

/** Null: not narrowed. Lists are never empty. */
export interface Narrowing {
  readonly shops: readonly string[] | null
  readonly warehouses: readonly string[] | null
}

export interface Assignment extends Narrowing {
  readonly role: string
}
