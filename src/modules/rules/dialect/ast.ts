/** Half-open range of UTF-16 positions in a rule's text. */
export interface Span {
  readonly start: number
  readonly end: number
}

export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>='
export type ArithmeticOp = '+' | '-' | '*' | '/' | '%'
export type JunctionOp = '&&' | '||'
export type MacroName = 'exists' | 'all' | 'exists_one' | 'filter' | 'sum'

/** A rule's text as a tree of our own: what the editor shows and the checker reads, whatever parser made it. */
export type Expr = Span &
  (
    | { readonly kind: 'literal'; readonly value: boolean | string | number | null }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'field'; readonly object: Expr; readonly field: string }
    | { readonly kind: 'list'; readonly items: readonly Expr[] }
    | { readonly kind: 'not'; readonly operand: Expr }
    | { readonly kind: 'negate'; readonly operand: Expr }
    | { readonly kind: 'junction'; readonly op: JunctionOp; readonly operands: readonly Expr[] }
    | { readonly kind: 'choice'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
    | { readonly kind: 'arithmetic'; readonly op: ArithmeticOp; readonly left: Expr; readonly right: Expr }
    | { readonly kind: 'compare'; readonly op: CompareOp; readonly left: Expr; readonly right: Expr }
    | { readonly kind: 'in'; readonly item: Expr; readonly list: Expr }
    | { readonly kind: 'has'; readonly target: Expr }
    | {
        readonly kind: 'macro'
        readonly macro: MacroName
        readonly list: Expr
        readonly variable: string
        readonly body: Expr
      }
    | { readonly kind: 'call'; readonly name: string; readonly method: boolean; readonly args: readonly Expr[] }
    /** What CEL can say and a rule may not: maps, indexes, bytes, map(); `what` is the text for the refusal. */
    | { readonly kind: 'other'; readonly what: string; readonly parts: readonly Expr[] }
  )

export type ExprOf<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>

/** Direct sub-expressions, left to right. */
export function childrenOf(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'literal':
    case 'name':
      return []
    case 'field':
      return [e.object]
    case 'list':
      return e.items
    case 'not':
    case 'negate':
      return [e.operand]
    case 'junction':
      return e.operands
    case 'choice':
      return [e.test, e.yes, e.no]
    case 'arithmetic':
    case 'compare':
      return [e.left, e.right]
    case 'in':
      return [e.item, e.list]
    case 'has':
      return [e.target]
    case 'macro':
      return [e.list, e.body]
    case 'call':
      return e.args
    case 'other':
      return e.parts
  }
}
