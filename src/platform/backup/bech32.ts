/** Bech32 (BIP 173), as age writes its keys: a readable prefix, the bytes in letters, and a checksum against slips. */

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const CHECK_LENGTH = 6

export function bech32Of(prefix: string, bytes: Uint8Array): string {
  const words = regroup([...bytes], { from: 8, to: 5, pad: true }) ?? []
  const check = polymod([...expanded(prefix), ...words, 0, 0, 0, 0, 0, 0]) ^ 1
  const tail = Array.from({ length: CHECK_LENGTH }, (_, i) => (check >>> (5 * (CHECK_LENGTH - 1 - i))) & 31)
  return `${prefix}1${[...words, ...tail].map(word => LETTERS[word]).join('')}`
}

/** The bytes behind a text with this prefix; null when it is not one. */
export function bytesOfBech32(prefix: string, text: string): Buffer | null {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return null
  const lower = text.toLowerCase()
  if (!lower.startsWith(`${prefix}1`)) return null
  const words = [...lower.slice(prefix.length + 1)].map(letter => LETTERS.indexOf(letter))
  if (words.length < CHECK_LENGTH || words.includes(-1)) return null
  if (polymod([...expanded(prefix), ...words]) !== 1) return null
  const bytes = regroup(words.slice(0, -CHECK_LENGTH), { from: 5, to: 8, pad: false })
  return bytes && Buffer.from(bytes)
}

const expanded = (prefix: string): number[] => {
  const codes = [...prefix].map(letter => letter.charCodeAt(0))
  return [...codes.map(code => code >>> 5), 0, ...codes.map(code => code & 31)]
}

function polymod(words: readonly number[]): number {
  let check = 1
  for (const word of words) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ word
    for (const [i, part] of GENERATOR.entries()) if ((top >>> i) & 1) check ^= part
  }
  return check >>> 0
}

/** The same bits in groups of another size; null when bits are left that are not zero. */
function regroup(
  words: readonly number[],
  { from, to, pad }: { from: number; to: number; pad: boolean },
): number[] | null {
  const result: number[] = []
  let bits = 0
  let held = 0
  for (const word of words) {
    held = ((held << from) | word) & 0xfff
    bits += from
    while (bits >= to) {
      bits -= to
      result.push((held >>> bits) & ((1 << to) - 1))
    }
  }
  const rest = (held << (to - bits)) & ((1 << to) - 1)
  if (pad) return bits > 0 ? [...result, rest] : result
  return bits >= from || rest !== 0 ? null : result
}
