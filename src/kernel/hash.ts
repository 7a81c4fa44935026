import { createHash } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** First 128 bits of SHA-256 over the parts (joined by NUL) as 26 characters of Crockford base32, lower case. */
export function digest26(...parts: string[]): string {
  const bytes = createHash('sha256').update(parts.join('\0')).digest()
  let out = ''
  let bits = 0
  let held = 0
  for (let i = 0; i < 16; i++) {
    held = (held << 8) | bytes[i]!
    bits += 8
    while (bits >= 5) {
      bits -= 5
      out += ALPHABET[(held >>> bits) & 31]
      held &= (1 << bits) - 1
    }
  }
  return out + ALPHABET[(held << (5 - bits)) & 31]
}
