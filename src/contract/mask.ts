/** How personal text is shown to whoever may not read it: one can recognise it, and not learn it. Pure, total. */

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

/** Stands for what is not shown at all. */
export const MASK = '***'

const DIGITS = /\d/g
// Fewer digits than this are shown by none of their own: too few would stay hidden.
const LONG_NUMBER = 7

/** `13812345678` is `138****5678`, `+86 138 1234 5678` is `+86****5678`: the last four digits and at most the first three. */
export function maskPhone(phone: string): string {
  const digits = phone.slice(0, 40).match(DIGITS)?.join('') ?? ''
  if (digits.length < LONG_NUMBER) return MASK
  const first = phone.trim().startsWith('+') ? `+${digits.slice(0, 2)}` : digits.slice(0, digits.length > 10 ? 3 : 0)
  return `${first}****${digits.slice(-4)}`
}

/** `li.fang@example.com` is `l***@example.com`. */
export function maskMail(mail: string): string {
  const trimmed = mail.trim().slice(0, 320)
  const at = trimmed.lastIndexOf('@')
  return at < 1 ? MASK : `${Array.from(trimmed)[0] ?? ''}${MASK}${trimmed.slice(at)}`
}

/**
 * A personal value by the name of its field. Names, phones and mails are shown so that one recognises them, a reason as
 * free text, an id as it is (it is a number in the shop's books, and one works with it); anything else not at all.
 */
export function maskField(key: string, value: unknown): string {
  if (typeof value !== 'string') return MASK
  if (key === 'id') return value
  if (key === 'reason') return maskText(value)
  if (/name$/i.test(key)) return maskName(value) || MASK
  if (/(phone|mobile|tel)$/i.test(key)) return maskPhone(value)
  return /mail$/i.test(key) ? maskMail(value) : MASK
}

const MAIL_IN_TEXT = /[^\s@<>"']{1,64}@[^\s@<>"']{1,190}/gu
const PHONE_IN_TEXT = /(?<![\w-])\+?\d[\d ()-]{6,18}\d(?![\w-])/gu

const DATE = /^(\d{4}-\d{2}-\d{2})(.*)$/su

// A date is no phone number; what stands behind it may be one.
function maskNumber(found: string): string {
  const [, date, rest = ''] = DATE.exec(found) ?? []
  return date === undefined ? maskPhone(found) : date + rest.replace(PHONE_IN_TEXT, maskNumber)
}

/** Text with what looks like a mail address masked. */
export const maskMails = (text: string): string => text.replace(MAIL_IN_TEXT, maskMail)

/** Free text with what looks like a mail address or a phone number masked; names cannot be told from other words. */
export const maskText = (text: string): string => maskMails(text).replace(PHONE_IN_TEXT, maskNumber)
