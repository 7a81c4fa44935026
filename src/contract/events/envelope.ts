import type { Instant } from '../../kernel/instant.ts'
import { isChannelName } from './fields.ts'
import { instantOfIso } from './iso.ts'
import type { Problem, ProblemCode } from './problem.ts'
import { problem } from './problem.ts'

/** The attributes of a CloudEvents 1.0 message that we read, checked. Source: the CloudEvents specification 1.0.2. */
export interface Envelope {
  readonly id: string
  readonly source: string
  readonly feed: string
  readonly type: string
  readonly version: number | null
  readonly time: Instant | null
  /** Null when it is no object, which is then among the problems. */
  readonly data: object | null
}

const ATTRIBUTES = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'datacontenttype',
  'dataschema',
  'subject',
  'data',
])
const EXTENSION_NAME = /^[a-z0-9]{1,20}$/
const CONTROL = /\p{Cc}/u
const MAX_EXTENSIONS = 20
const MAX_EXTENSION = 1000
const JSON_TYPE = /^(application|text)\/([\w.-]+\+)?json\s*(;.*)?$/i
const VERSIONED = /^(.{1,100})\.v(\d{1,4})$/

type Attributes = { readonly [name: string]: unknown }

/** Reads the envelope of a message that passed the guard; what is wrong goes to `problems`, and the rest is read on. */
export function readEnvelope(message: unknown, problems: Problem[]): Envelope | null {
  if (!isObject(message)) {
    problems.push(problem([], 'wrong_type', 'send one CloudEvents 1.0 object'))
    return null
  }
  const say = (name: string, code: ProblemCode, text: string) => problems.push(problem([name], code, text))
  if (message.specversion !== '1.0')
    say(
      'specversion',
      message.specversion === undefined ? 'missing' : 'not_allowed',
      'give "1.0"; attributes stand in the body beside `data`, not in headers',
    )
  checkContent(message, say)
  checkExtensions(message, say)
  const id = textOf(message, 'id', 200, say)
  const source = textOf(message, 'source', 300, say)
  const feed = source === '' ? '' : feedOf(source)
  if (source !== '' && !isChannelName(feed))
    say('source', 'bad_format', 'end the source with a name of letters, digits, . _ -')
  const type = textOf(message, 'type', 100, say)
  const plain = VERSIONED.exec(type)
  const version = plain === null ? versionOf(message.v, say) : Number(plain[2])
  return {
    id,
    source,
    feed,
    type: plain?.[1] ?? type,
    version,
    time: timeOf(message.time, say),
    data: isObject(message.data) ? message.data : null,
  }
}

/** The last segment of a source's path: `/channels/olist` and `https://shop.example/olist/` are the feed `olist`. */
export function feedOf(source: string): string {
  const path = source.replace(/[?#].*$/, '').replace(/\/+$/, '')
  const slash = path.lastIndexOf('/')
  return slash >= 0 ? path.slice(slash + 1) : path.slice(path.lastIndexOf(':') + 1)
}

type Say = (name: string, code: ProblemCode, text: string) => void

const isObject = (value: unknown): value is Attributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function textOf(message: Attributes, name: string, max: number, say: Say): string {
  const given = message[name]
  if (given === undefined) say(name, 'missing', 'give this attribute')
  else if (typeof given !== 'string') say(name, 'wrong_type', 'give a text')
  else if (given.trim() === '') say(name, 'too_short', 'give at least one character')
  else if (given.length > max) say(name, 'too_long', `at most ${max} characters`)
  // The specification leaves them out of every attribute.
  else if (CONTROL.test(given)) say(name, 'bad_format', 'no control characters, such as line ends')
  else return given
  return ''
}

function versionOf(given: unknown, say: Say): number | null {
  if (given === undefined) return null
  const version = typeof given === 'string' && /^\d{1,4}$/.test(given) ? Number(given) : given
  if (typeof version === 'number' && Number.isInteger(version)) return version
  say('v', 'wrong_type', 'give the version of the type as a whole number')
  return null
}

function timeOf(given: unknown, say: Say): Instant | null {
  if (given === undefined) return null
  const at = typeof given === 'string' ? instantOfIso(given) : 'wrong_type'
  if (typeof at === 'number') return at
  say('time', at, at === 'out_of_range' ? 'use a year from 1970 to 2199' : 'give an ISO 8601 date and time with offset')
  return null
}

function checkContent(message: Attributes, say: Say): void {
  const kind = message.datacontenttype
  if (kind !== undefined && (typeof kind !== 'string' || !JSON_TYPE.test(kind)))
    say('datacontenttype', 'not_allowed', 'send JSON: application/json')
  for (const name of ['dataschema', 'subject']) if (message[name] !== undefined) textOf(message, name, 500, say)
  if (!isObject(message.data) && message.data_base64 === undefined)
    say('data', message.data === undefined ? 'missing' : 'wrong_type', 'give the data as an object')
}

function checkExtensions(message: Attributes, say: Say): void {
  let extensions = 0
  for (const name in message) {
    if (ATTRIBUTES.has(name)) continue
    if (++extensions > MAX_EXTENSIONS) {
      say(name, 'too_many', `at most ${MAX_EXTENSIONS} extension attributes`)
      return
    }
    if (name === 'data_base64') say(name, 'not_allowed', 'send JSON, as an object in `data`')
    else if (!EXTENSION_NAME.test(name))
      say(name, 'unknown_field', 'extension attributes are named with up to 20 of a-z and 0-9')
    else if (!isAttributeValue(message[name]))
      say(name, 'wrong_type', `give a text of at most ${MAX_EXTENSION} characters, a number or a boolean`)
  }
}

const isAttributeValue = (value: unknown): boolean =>
  typeof value === 'string' ? value.length <= MAX_EXTENSION : typeof value === 'number' || typeof value === 'boolean'
