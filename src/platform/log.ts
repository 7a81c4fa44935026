import { isoOf } from '../kernel/instant.ts'
import type { Clock } from './clock.ts'
import { codeOf } from './error.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'
export type Fields = Readonly<Record<string, unknown>>

/** `message` is a constant sentence; what varies goes into the fields, so that lines can be counted. */
export interface Log {
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
  /** A log whose lines all carry `fields`. */
  with(fields: Fields): Log
}

export interface LogOptions {
  readonly clock: Clock
  readonly write: (line: string) => void
  readonly level?: Level
  /** `json`: one object per line. `text`: for a terminal. */
  readonly format?: 'json' | 'text'
}

const WEIGHT: Readonly<Record<Level, number>> = { debug: 10, info: 20, warn: 30, error: 40 }

/**
 * Fields that may hold a person or a secret. Compared without case, dashes and underscores, at any depth.
 * A field that is not listed is written as it is: name it so that it says what it holds.
 */
const SECRET_KEYS = [
  'name, fullName, firstName, lastName, recipient, receiver, sender, contact, customer, customerName, buyer, consignee',
  'phone, phoneNumber, mobile, tel, telephone, fax, email, mail, address, street, line1, line2, postcode, postalCode, zip',
  'idNumber, taxNumber, passport, birthday, latitude, longitude, ip, remoteAddress, bankAccount, iban, cardNumber',
  'password, pass, secret, token, accessToken, refreshToken, apiKey, key, authorization, cookie, setCookie, session',
  'signature, url, databaseUrl, connectionString, body, payload, data, rawBody, query, values, parameters, detail, note, text',
]
const SECRETS: ReadonlySet<string> = new Set(SECRET_KEYS.flatMap(line => line.split(', ')).map(folded))
/** Words that make a name one of a secret, whatever else is in it: `clientSecret`, `smtp_password`, `x-auth-token`. */
const SECRET_WORDS = /secret|passw|passphrase|token|apikey|authorization|cookie|credential|privatekey|masterkey/
const REDACTED = '[redacted]'

/**
 * Secrets inside of texts that we did not write, such as the message of a library's error: the login of a URL, what
 * follows `Bearer` or `Basic`, and our own keys.
 */
const IN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]+@/gi, `$1${REDACTED}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\b(whsec_|AGE-SECRET-KEY-1)[\w+/=-]+/gi, `$1${REDACTED}`],
  // A mail address; what stands before the @ in a path or a package name is no such thing.
  [/(?<![\w/.%+-])[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g, '[mail]'],
]
const DEEPEST = 6

export function createLog(options: LogOptions): Log {
  return bound(options, {})
}

function bound(options: LogOptions, base: Fields): Log {
  const least = WEIGHT[options.level ?? 'info']
  const line = options.format === 'text' ? textLine : jsonLine
  const at = (level: Level) => (message: string, fields?: Fields) => {
    if (WEIGHT[level] < least) return
    const safe = redacted({ ...base, ...fields }) as Fields
    options.write(`${line({ time: isoOf(options.clock.now()), level, message: safeText(message) }, safe)}\n`)
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: fields => bound(options, { ...base, ...fields }),
  }
}

interface Head {
  readonly time: string
  readonly level: Level
  readonly message: string
}

// The head comes last, so that no field can pretend to be another time or level.
const jsonLine = (head: Head, fields: Fields): string => JSON.stringify({ ...fields, ...head })

function textLine(head: Head, fields: Fields): string {
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${plainText(String(JSON.stringify(value)))}`)
  const level = head.level === 'info' ? '' : `${head.level.toUpperCase()} `
  return [`${head.time.slice(11, 19)} ${level}${plainText(head.message)}`, ...rest].join(' ')
}

// A line break would begin a forged line, and an escape sequence would speak to the terminal.
const CONTROLS = /[\p{Cc}\u2028\u2029]/gu

/** One line of text for a terminal: control characters become spaces. */
export const plainText = (text: string): string => text.replace(CONTROLS, ' ')

/** A copy without personal data, errors reduced to code, message and stack, and nothing deeper than six levels. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') return safeText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return '[deep]'
  if (value instanceof Error) return errorFields(value)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map(item => redacted(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecretName(folded(key)) && item !== null && item !== undefined ? REDACTED : redacted(item, depth + 1),
    ]),
  )
}

// A database error also has `detail` and `where`, which repeat row values: they are left out.
function errorFields(error: Error): Fields {
  const code = codeOf(error)
  const cause = error.cause instanceof Error ? { cause: errorFields(error.cause) } : {}
  const said = { message: safeText(error.message), stack: safeText(error.stack ?? '') }
  return { type: error.name, ...(code ? { code } : {}), ...said, ...cause }
}

const isSecretName = (name: string): boolean => SECRETS.has(name) || SECRET_WORDS.test(name)

/** The text without the secrets that can be told by their form. */
export function safeText(text: string): string {
  let safe = text
  for (const [pattern, instead] of IN_TEXT) safe = safe.replace(pattern, instead)
  return safe
}

function folded(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '')
}
