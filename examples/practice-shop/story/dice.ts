/** Chance that can be told again: the same seed and keys give the same throws, whatever was thrown elsewhere. */
export interface Dice {
  /** 0 to below 1. */
  real(): number
  /** 0 to n - 1. */
  below(n: number): number
  chance(p: number): boolean
  /** A whole number of both ends and what is between. */
  between(least: number, most: number): number
  /** Most often near the lower end, now and then far up: how long people and machines take. */
  skewed(least: number, most: number): number
  pick<T>(list: readonly T[]): T
  /** A key of the table, each as likely as its weight says. */
  weighted<K extends string>(weights: { readonly [key in K]: number }): K
}

export function dice(seed: number, ...keys: readonly (string | number)[]): Dice {
  const real = generator(`${seed}|${keys.join('|')}`)
  const below = (n: number): number => Math.floor(real() * n)
  const spread = (least: number, most: number, share: number): number =>
    Math.min(most, Math.floor(least + (most - least + 1) * share))
  return {
    ...{ real, below },
    chance: p => real() < p,
    between: (least, most) => spread(least, most, real()),
    skewed: (least, most) => spread(least, most, real() ** 2.5),
    pick: list => list[below(list.length)]!,
    weighted: weights => drawn(weights, real()),
  }
}

function drawn<K extends string>(weights: { readonly [key in K]: number }, share: number): K {
  const entries = entriesOf(weights)
  let left = share * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [key, weight] of entries) {
    left -= weight
    if (left < 0) return key
  }
  return entries.at(-1)![0]
}

// A literal table has no other keys than its type says.
const entriesOf = <K extends string>(of: { readonly [key in K]: number }) => Object.entries(of) as [K, number][]

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded by a 32-bit hash of the text (xmur3). */
function generator(text: string): () => number {
  const next = hashes(text)
  let [a, b, c, d] = [next(), next(), next(), next()]
  const step = (): number => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    return (t >>> 0) / 2 ** 32
  }
  // The first numbers after seeding are still alike for keys that are alike.
  for (let n = 0; n < 12; n++) step()
  return step
}

function hashes(text: string): () => number {
  let h = 1_779_033_703 ^ text.length
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3_432_918_353)
    h = (h << 13) | (h >>> 19)
  }
  return () => {
    h = Math.imul(h ^ (h >>> 16), 2_246_822_507)
    h = Math.imul(h ^ (h >>> 13), 3_266_489_909)
    h ^= h >>> 16
    return h
  }
}
