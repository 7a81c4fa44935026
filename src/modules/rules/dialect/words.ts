/** Up to so many words are looked for one by one: the runtime's own search is faster than anything of ours. */
const FEW = 24

/** Whether a text has any of the words; linear in the text and the words, however many words there are. */
export function finderOf(words: readonly string[]): (text: string) => boolean {
  if (words.some(word => word === '')) return () => true
  return words.length <= FEW ? text => words.some(word => text.includes(word)) : automaton(words)
}

interface State {
  readonly next: Map<number, State>
  fallback: State | null
  ends: boolean
}

const state = (): State => ({ next: new Map(), fallback: null, ends: false })

/** Aho and Corasick, "Efficient string matching: an aid to bibliographic search" (1975), on UTF-16 units. */
function automaton(words: readonly string[]): (text: string) => boolean {
  const root = state()
  for (const word of words) add(root, word)
  link(root)
  return text => {
    let at = root
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      for (;;) {
        const next = at.next.get(unit)
        if (next) {
          at = next
          break
        }
        if (at.fallback === null) break
        at = at.fallback
      }
      if (at.ends) return true
    }
    return false
  }
}

function add(root: State, word: string): void {
  let at = root
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i)
    const next = at.next.get(unit) ?? state()
    at.next.set(unit, next)
    at = next
  }
  at.ends = true
}

/** Breadth first: each state falls back to that of its longest proper ending, and ends where that one does. */
function link(root: State): void {
  const waiting: State[] = []
  for (const child of root.next.values()) {
    child.fallback = root
    waiting.push(child)
  }
  for (let i = 0; i < waiting.length; i++) {
    const at = waiting[i]!
    for (const [unit, child] of at.next) {
      let back = at.fallback
      while (back && !back.next.has(unit)) back = back.fallback
      child.fallback = back?.next.get(unit) ?? root
      child.ends ||= child.fallback.ends
      waiting.push(child)
    }
  }
}
