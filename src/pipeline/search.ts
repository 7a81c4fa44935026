import type { Fact } from '../contract/stream.ts'
import type { Sealer } from '../platform/seal.ts'

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

/** The search token of a person's datum: equal for equal text, and nobody without the master secret can try texts out. */
export const personToken = (sealer: Pick<Sealer, 'blind'>, text: string): string =>
  `~${sealer.blind('search', text).toString('base64url')}`

/** A whole number or code, as people paste it. */
export const codeToken = (code: string): string => `=${code.normalize('NFKC').trim().toLowerCase()}`

/** Fields whose text is searched by grams, and fields that are codes. Personal fields are searched by blind tokens. */
const TEXT_FIELDS = new Set(['city', 'region', 'name', 'title', 'place'])
const CODE_FIELDS = new Set(['orderNo', 'trackingNo', 'paymentId', 'barcode', 'sku', 'seller', 'postcode', 'id'])

export interface Tokens {
  blind(text: string): string
  isPersonal(path: string): boolean
}

/** How the fields of each type of event become tokens. */
export const tokenMaker =
  (sealer: Pick<Sealer, 'blind'>, pathsOf: (type: string) => readonly string[]) =>
  (type: string): Tokens => {
    const personal = new Set(pathsOf(type))
    return { isPersonal: path => personal.has(path), blind: text => personToken(sealer, text) }
  }

/** The search tokens that a fact adds to its order. Pure. */
export function tokensOf(fact: Fact, tokens: Tokens): string[] {
  // Whoever asks for a person's data must find all of it, however much else an order says.
  const persons = new Set<string>()
  const out = new Set<string>()
  collect(fact.body, '', (path, key, text) => {
    if (tokens.isPersonal(path)) for (const said of personTexts(key, text)) persons.add(tokens.blind(said))
    else if (CODE_FIELDS.has(key)) out.add(codeToken(text))
    else if (TEXT_FIELDS.has(key)) for (const gram of gramsOf(text)) out.add(gram)
  })
  return [...persons, ...out].slice(0, Math.max(MAX_GRAMS, persons.size))
}

const PHONE_KEY = /(phone|mobile|tel)$/i
const PHONE = /^\+?[\d\s().-]{7,24}$/
/** National numbers differ in what stands before them (`+86`, `0086`, `0`); the last ten digits tell the subscriber. */
const PHONE_DIGITS = 10

/** A phone number however it is written: its last digits. Null for what is none. */
export function phoneText(text: string): string | null {
  if (!PHONE.test(text.trim())) return null
  const digits = text.replace(/\D/g, '')
  return digits.length < 7 ? null : `tel:${digits.slice(-PHONE_DIGITS)}`
}

const whole = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

/** What a person's datum is found by: itself, and a phone number in whatever way it is written. */
function personTexts(key: string, text: string): string[] {
  const phone = PHONE_KEY.test(key) ? phoneText(text) : null
  return phone === null ? [whole(text)] : [whole(text), phone]
}

/** What a query may mean as a person's datum. */
export const personQueries = (text: string): string[] => {
  const phone = phoneText(text)
  return phone === null ? [whole(text)] : [whole(text), phone]
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
  ...personQueries(query).map(text => [tokens.blind(text)]),
]
