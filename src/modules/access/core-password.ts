import { COMMON_WORDS } from './core-common-words.ts'

/** Characters, not bytes; the longest is bounded so that hashing costs the same for everybody. */
export const SHORTEST_PASSWORD = 12
export const LONGEST_PASSWORD = 128
/** What must remain when everything that anybody would guess is taken out. */
const LEAST_OF_OWN = 6

export type PasswordFlaw = 'too_short' | 'too_long' | 'too_common' | 'names_you'

/**
 * What is wrong with a new password, or null. After NIST SP 800-63B: length, and nothing that is guessed first; no rules
 * about kinds of characters. Words of the list, names of the person and of the product, repetitions and runs along the
 * alphabet or the keyboard are taken out: enough must remain.
 */
export function passwordFlaw(password: string, about: { readonly names: readonly string[] }): PasswordFlaw | null {
  const length = [...password].length
  if (length < SHORTEST_PASSWORD) return 'too_short'
  if (length > LONGEST_PASSWORD) return 'too_long'
  const plain = password.normalize('NFKC').toLowerCase()
  const names = about.names.flatMap(partsOf)
  const withoutNames = without(plain, names)
  if (ownOf(withoutNames) >= LEAST_OF_OWN) return null
  return ownOf(plain) >= LEAST_OF_OWN ? 'names_you' : 'too_common'
}

// What people write for letters: p@ssw0rd is password.
const MASKS: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
}

const partsOf = (name: string): string[] =>
  [name, ...name.split(/[\s@._+-]+/)].map(part => part.toLowerCase()).filter(part => part.length >= 2)

/** Characters that remain without common words, repetitions and runs. */
const ownOf = (text: string): number => withoutRuns(without(text, COMMON_WORDS))

/** The longest first, so that `password` does not leave a rest of `pass`; a letter may be written as its mask. */
function without(text: string, words: readonly string[]): string {
  let rest = [...text]
  for (const word of words.map(w => [...w]).sort((a, b) => b.length - a.length))
    for (let at = placeOf(word, rest); at >= 0; at = placeOf(word, rest)) rest = rest.toSpliced(at, word.length)
  return rest.join('')
}

const placeOf = (word: readonly string[], text: readonly string[]): number =>
  text.findIndex((_, at) => word.every((char, i) => text[at + i] === char || MASKS[text[at + i] ?? ''] === char))

const RUNS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx3edc4rfv5tgb']

/** How many characters are neither: three or more along a run, forwards or backwards, and three or more of the same. */
function withoutRuns(text: string): number {
  const chars = [...text]
  let kept = 0
  for (let i = 0; i < chars.length; ) {
    const length = runAt(chars, i)
    if (length < 3) kept++
    i += length < 3 ? 1 : length
  }
  return kept
}

function runAt(chars: readonly string[], from: number): number {
  let longest = 1
  while (chars[from + longest] === chars[from]) longest++
  for (const run of RUNS)
    for (const step of [1, -1]) {
      let length = 1
      let at = run.indexOf(chars[from]!)
      while (at >= 0 && chars[from + length] !== undefined && chars[from + length] === run[at + step]) {
        at += step
        length++
      }
      longest = Math.max(longest, length)
    }
  return longest
}
