import { minorDigits } from '../../../contract/currency.ts'
import type { Label, ScalarType } from '../../../contract/facts.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../../kernel/instant.ts'
import { offsetAt } from '../../../kernel/zone.ts'
import type { ScalarValue } from '../types.ts'

/** In which clock and money values are told. */
export interface Telling {
  /** IANA zone of the reader. */
  readonly zone: string
  readonly now: Instant
  /** Of amounts; null when it is not known, then they are told in minor units. */
  readonly currency: string | null
}

const UNITS = [
  { ms: DAY, zh: '天', en: 'd' },
  { ms: HOUR, zh: '小时', en: 'h' },
  { ms: MINUTE, zh: '分', en: 'm' },
  { ms: SECOND, zh: '秒', en: 's' },
  { ms: 1, zh: '毫秒', en: 'ms' },
]

/** `23 h 12 m`: the two largest units, cut off, never rounded up over a limit. Up to two days it is told in hours. */
export function spanWords(ms: number): Label {
  const size = Math.abs(ms)
  const units = size <= 2 * DAY ? UNITS.slice(1) : UNITS
  const first = units.findIndex(u => size >= u.ms)
  if (first < 0) return { zh: '0 秒', en: '0 s' }
  const [big, small] = [units[first]!, units[first + 1]]
  const whole = Math.floor(size / big.ms)
  const rest = small ? Math.floor((size - whole * big.ms) / small.ms) : 0
  const sign = ms < 0 ? '−' : ''
  const say = (language: 'zh' | 'en') =>
    `${sign}${whole} ${big[language]}${rest > 0 && small ? ` ${rest} ${small[language]}` : ''}`
  return { zh: say('zh'), en: say('en') }
}

const DAYS: readonly { readonly away: number; readonly label: Label }[] = [
  { away: -1, label: { zh: '昨天', en: 'yesterday' } },
  { away: 0, label: { zh: '今天', en: 'today' } },
  { away: 1, label: { zh: '明天', en: 'tomorrow' } },
]

/** `today at 14:03:11`, `2026-11-21 at 14:03:11`, on the reader's clock, to the second. */
export function timeWords(at: Instant, { zone, now }: Pick<Telling, 'zone' | 'now'>): Label {
  if (!Number.isFinite(at) || Math.abs(at) > 8e15) return { zh: '未知时刻', en: 'an unknown time' }
  const [local, today] = [at + offsetAt(at, zone), now + offsetAt(now, zone)]
  const text = new Date(local).toISOString()
  const clock = text.slice(11, 19)
  const away = Math.floor(local / DAY) - Math.floor(today / DAY)
  const day = DAYS.find(d => d.away === away)?.label ?? { zh: text.slice(0, 10), en: text.slice(0, 10) }
  return { zh: `${day.zh} ${clock}`, en: `${day.en} at ${clock}` }
}

const both = (text: string): Label => ({ zh: text, en: text })

function moneyWords(minor: number, currency: string | null): Label {
  if (currency === null) return { zh: `${minor}（最小货币单位）`, en: `${minor} minor units` }
  const digits = minorDigits(currency)
  return both(`${currency} ${(minor / 10 ** digits).toFixed(digits)}`)
}

/** A value as people read it. */
export function valueWords(type: ScalarType, value: ScalarValue, telling: Telling): Label {
  if (typeof value === 'boolean') return value ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' }
  if (typeof value === 'string') return { zh: `“${value}”`, en: `"${value}"` }
  if (type === 'dur') return spanWords(value)
  if (type === 'time') return timeWords(value, telling)
  if (type === 'money') return moneyWords(value, telling.currency)
  return both(String(Math.round(value * 1e6) / 1e6))
}
