const HAN = /\p{Script=Han}/u

/**
 * A name that one can recognise and not read: `李芳` is `李*`, `李小芳` is `李*芳`, `欧阳小芳` is `欧**芳`, `Ana Silva` is
 * `A*** S***`. The number of stars after Latin initials is fixed, so that it does not tell the length.
 */
export function maskName(name: string): string {
  const trimmed = name.trim().slice(0, 200)
  if (trimmed === '') return ''
  return HAN.test(trimmed) && !/\s/.test(trimmed) ? maskHan(Array.from(trimmed)) : maskWords(trimmed.split(/\s+/))
}

function maskHan(signs: readonly string[]): string {
  const [first, last] = [signs[0]!, signs.at(-1)!]
  if (signs.length === 1) return '*'
  return signs.length === 2 ? `${first}*` : `${first}${'*'.repeat(Math.min(signs.length - 2, 6))}${last}`
}

const maskWords = (words: readonly string[]): string =>
  words
    .slice(0, 4)
    .map(word => `${Array.from(word)[0] ?? ''}***`)
    .join(' ')
