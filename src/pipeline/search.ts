import type { Fact } from '../contract/stream.ts'

/** Longest text of a field that is made searchable, and the most grams of one order. */
const MAX_TEXT = 200
const MAX_GRAMS = 400

/** One- and two-character grams of a text, lower case: Chinese words of one and two characters are found by them. */
export function gramsOf(text: string): string[] {
  const chars = [...text.normalize('NFKC').toLowerCase().slice(0, MAX_TEXT)].filter(c => /[\p{L}\p{N}]/u.test(c))
  const grams = new Set<string>()
  for (const [i, c] of chars.entries()) {
    if (/\p{Script=Han}/u.test(c)) grams.add(c)
    if (i + 1 < chars.length) grams.add(c + chars[i + 1])
  }
  return [...grams]
}

/** A whole number or code, as people paste it. */
export const codeToken = (code: string): string => `=${code.normalize('NFKC').trim().toLowerCase()}`

/** Fields whose text is searched by grams, and fields that are codes. Personal fields are searched by blind tokens. */
const TEXT_FIELDS = new Set(['city', 'region', 'name', 'title', 'place'])
const CODE_FIELDS = new Set(['orderNo', 'trackingNo', 'paymentId', 'barcode', 'sku', 'seller', 'postcode', 'id'])

export interface Tokens {
  blind(text: string): string
  isPersonal(path: string): boolean
}

/** The search tokens that a fact adds to its order. Pure. */
export function tokensOf(fact: Fact, tokens: Tokens): string[] {
  const out = new Set<string>()
  collect(fact.body, '', (path, key, text) => {
    if (tokens.isPersonal(path)) out.add(tokens.blind(text.normalize('NFKC').trim().toLowerCase()))
    else if (CODE_FIELDS.has(key)) out.add(codeToken(text))
    else if (TEXT_FIELDS.has(key)) for (const gram of gramsOf(text)) out.add(gram)
  })
  return [...out].slice(0, MAX_GRAMS)
}

function collect(node: unknown, path: string, found: (path: string, key: string, text: string) => void): void {
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) {
    const here = Array.isArray(node) ? `${path}[]` : path === '' ? key : `${path}.${key}`
    if (typeof value === 'string') found(here, key, value)
    else collect(value, here, found)
  }
}

/** Pairs alone where there are any: they imply their characters, and saying both misleads the planner sixtyfold. */
function textTokens(query: string): string[] {
  const grams = gramsOf(query)
  const pairs = grams.filter(gram => [...gram].length > 1)
  return pairs.length > 0 ? pairs : grams
}

/** What a query must contain: all tokens of one reading (text or code or a person's datum). */
export const queryTokens = (query: string, tokens: Pick<Tokens, 'blind'>): string[][] => [
  textTokens(query),
  [codeToken(query)],
  [tokens.blind(query.normalize('NFKC').trim().toLowerCase())],
]
