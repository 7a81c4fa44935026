import type { CompareOp, Expr } from './ast.ts'

/**
 * A condition as sentence rows: what the editor shows to somebody who does not write expressions. Rows are plain data. What
 * no row can say stays text, so that nothing is ever lost: the text of the rows of a tree parses to that tree again.
 */
export type Row = Group | PlainRow

/** All, or any, of its rows. */
export interface Group {
  readonly kind: 'group'
  readonly match: 'all' | 'any'
  readonly not: boolean
  readonly rows: readonly Row[]
}

/** `order.paidAt`, or `p.lastScanAt` in a group over the elements of a list that are called p. */
export interface Path {
  readonly name: string
  readonly field: string
}

/** A row about a field that may be missing asks for it first, unseen: `has(x) && ...`. */
interface Guarded {
  readonly of: Path
  readonly guarded: boolean
}

export type PlainRow =
  | { readonly kind: 'present'; readonly of: Path; readonly present: boolean }
  | { readonly kind: 'flag'; readonly of: Path; readonly is: boolean; readonly guarded: boolean }
  /** A field against a value, a constant or another field. */
  | (Guarded & { readonly kind: 'compare'; readonly op: CompareOp; readonly value: Expr })
  | (Guarded & { readonly kind: 'oneOf'; readonly not: boolean; readonly values: Expr })
  | (Guarded & { readonly kind: 'words'; readonly test: WordTest; readonly not: boolean; readonly value: Expr })
  /** How long ago, by the clock or in the business time of a calendar. */
  | (Guarded & { readonly kind: 'age'; readonly calendar: string | null; readonly op: CompareOp; readonly value: Expr })
  /** How long it is until then. */
  | (Guarded & {
      readonly kind: 'ahead'
      readonly calendar: string | null
      readonly op: CompareOp
      readonly value: Expr
    })
  /** Now against a time, or so long before or after it. */
  | (Guarded & { readonly kind: 'reached'; readonly op: CompareOp; readonly offset: Offset | null })
  | { readonly kind: 'list'; readonly list: string; readonly how: HowMany; readonly as: string; readonly group: Group }
  | {
      readonly kind: 'count'
      readonly list: string
      /** Only the elements that fulfil it. */
      readonly where: { readonly as: string; readonly group: Group } | null
      readonly op: CompareOp
      readonly value: Expr
      /** `lines.size()` rather than `size(lines)`. */
      readonly method: boolean
    }
  | {
      readonly kind: 'open'
      readonly test: 'isBusinessTime' | 'isWorkday'
      readonly calendar: string
      readonly is: boolean
    }
  | { readonly kind: 'text'; readonly text: string }

export interface Offset {
  readonly sign: '+' | '-'
  readonly value: Expr
}
export type WordTest = 'contains' | 'startsWith' | 'endsWith' | 'matches' | 'containsAny'
export type HowMany = 'some' | 'every' | 'one' | 'none'

export type RowOf<K extends Row['kind']> = Extract<Row, { readonly kind: K }>

/** Rows that ask for their field first when it may be missing. */
export type GuardedRow = Extract<PlainRow, { readonly guarded: boolean }>
export const isGuardable = (row: Row): row is GuardedRow => 'guarded' in row
