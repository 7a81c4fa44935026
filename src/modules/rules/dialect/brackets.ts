import type { Span } from './ast.ts'

/**
 * The parser leaves out the round brackets at the edges of what it found: of `(a) + b` it says `a) + b`. This makes a range
 * whole again, so that what an editor underlines, and what is cut out of a text, is an expression by itself.
 */
export function wholeSpans(text: string): (span: Span) => Span {
  const pairs = pairsIn(text)
  return ({ start, end }) => {
    let [from, to] = [start, end]
    for (const { open, close } of pairs) {
      if (open >= from && open < to && close >= to) to = close + 1
      else if (close >= from && close < to && open < from) from = open
    }
    return { start: from, end: to }
  }
}

interface Pair {
  readonly open: number
  readonly close: number
}

/** Round brackets outside of texts, inner pairs first, so that one pass is enough. */
function pairsIn(text: string): Pair[] {
  const pairs: Pair[] = []
  const opened: number[] = []
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const at = text[i]!
    if (quote !== '') {
      if (at === '\\') i++
      else if (at === quote) quote = ''
    } else if (at === "'" || at === '"') quote = at
    else if (at === '(') opened.push(i)
    else if (at === ')' && opened.length > 0) pairs.push({ open: opened.pop()!, close: i })
  }
  return pairs
}
