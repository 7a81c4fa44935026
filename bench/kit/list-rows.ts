import { streamIdOf } from '../../src/contract/identity.ts'
import { bucketOf } from '../../src/kernel/bucket.ts'
import { digest26 } from '../../src/kernel/hash.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../../src/kernel/instant.ts'
import { codeToken, gramsOf } from '../../src/pipeline/search.ts'
import type { Portion, Values } from './copy.ts'
import { seeded } from './stats.ts'

/**
 * Read rows of a year of a shop: orders, what searching finds them by, and their cases. Made by number alone; the last
 * ten days are open, older orders are over. Only what lists read is there: no ledger, no heads.
 */

const YEAR = 365 * DAY
const OPEN_FOR = 10 * DAY
const CHANNELS = ['tmall', 'jd', 'douyin', 'shop', 'pinduoduo', 'export'] as const
const CHANNEL_SHARES = [0.4, 0.65, 0.8, 0.9, 0.97, 1]
/** With its largest city; the first are the most frequent, each has about nine tenths of the one before. */
const PLACES =
  '广东 深圳,浙江 杭州,江苏 南京,山东 济南,上海 上海,北京 北京,四川 成都,河南 郑州,湖北 武汉,湖南 长沙,福建 厦门,安徽 合肥,河北 石家庄,辽宁 沈阳,陕西 西安,江西 南昌,重庆 重庆,广西 南宁,云南 昆明,黑龙江 哈尔滨,山西 太原,贵州 贵阳,天津 天津,吉林 长春,内蒙古 呼和浩特,甘肃 兰州,新疆 乌鲁木齐,海南 海口,宁夏 银川,青海 西宁,西藏 拉萨'
    .split(',')
    .map(p => p.split(' ') as [string, string])
const CARRIERS = ['shunfeng', 'yto', 'zto', 'sto', 'jd']
const METHODS = ['card', 'wallet', 'transfer', 'cod', 'slip']
/** Of open orders, by how much of their ten days is over. */
const ON_THE_WAY = ['placed', 'approved', 'allocated', 'picking', 'packed', 'handed_over', 'in_transit', 'in_transit']
const GOODS = '连衣裙,运动鞋,保温杯,台灯,耳机,充电器,面膜,牛奶,茶叶,背包,雨伞,键盘,枕头,毛巾,拖鞋,坚果'.split(',')
const CASE_TYPES = [
  'handover_late',
  'transit_at_risk',
  'approval_late_card',
  'delivered_late',
  'amount_mismatch',
  'never_delivered',
  'no_items',
  'approval_late_slip',
] as const
const OWNERS = Array.from({ length: 30 }, (_, i) => `user:agent${i + 1}`)

export const orderNoOf = (n: number): string => `L${String(n).padStart(9, '0')}`

interface Made {
  readonly n: number
  readonly of: number
  readonly now: Instant
}

interface Order {
  readonly orderNo: string
  readonly stream: string
  readonly channel: string
  readonly place: readonly [string, string]
  readonly placedAt: Instant
  readonly open: boolean
  readonly status: string
  readonly cases: readonly Case[]
  readonly random: () => number
}

interface Case {
  readonly type: string
  readonly severity: string
  readonly status: string
  readonly owner: string | null
  readonly openedAt: Instant
}

const pick = <T>(from: readonly T[], random: () => number): T => from[Math.floor(random() * from.length)]!
const text = (value: string | number | boolean | null): string | null => (value === null ? null : String(value))

function placeOf(random: () => number): readonly [string, string] {
  // Geometric with 0.9 a step: the first has a tenth, the last half a percent.
  const i = Math.floor(Math.log(1 - random() * 0.96) / Math.log(0.9))
  return PLACES[Math.min(i, PLACES.length - 1)]!
}

function orderOf({ n, of, now }: Made): Order {
  const random = seeded(n * 2 + 1)
  const placedAt = Math.floor(now - YEAR + (YEAR * (n + random())) / of)
  const age = now - placedAt
  const open = age < OPEN_FOR * (0.5 + random() / 2)
  const share = random()
  const channel = CHANNELS[CHANNEL_SHARES.findIndex(s => share < s)]!
  const over = random() < 0.96 ? 'delivered' : random() < 0.5 ? 'returned' : 'cancelled'
  const status = open ? ON_THE_WAY[Math.floor((age / OPEN_FOR) * ON_THE_WAY.length)]! : over
  const stream = streamIdOf('order', 'order_no', `${channel}/${orderNoOf(n)}`)
  const cases = casesOf({ n, open, placedAt, random })
  return { orderNo: orderNoOf(n), stream, channel, place: placeOf(random), placedAt, open, status, cases, random }
}

/** One order in ten has a case; of those of open orders half are not over, of the others one in fifty. */
function casesOf(of: { n: number; open: boolean; placedAt: Instant; random: () => number }): Case[] {
  const { n, open, placedAt, random } = of
  if (n % 10 !== 3) return []
  const live = random() < (open ? 0.5 : 0.02)
  const ended = random() < 0.6 ? 'cleared' : 'closed'
  const share = random()
  return [
    {
      type: CASE_TYPES[Math.floor(random() ** 2 * CASE_TYPES.length)]!,
      severity: share < 0.01 ? 'P0' : share < 0.2 ? 'P1' : share < 0.8 ? 'P2' : 'P3',
      status: live ? pick(['open', 'open', 'acknowledged', 'working', 'resolved'], random) : ended,
      owner: random() < 0.4 ? null : pick(OWNERS, random),
      openedAt: placedAt + Math.floor(random() * 8 * HOUR),
    },
  ]
}

const OVER = new Set(['cleared', 'closed'])

const ORDER_COLUMNS = `bucket, stream, version, order_no, channel, status, placed_at, promise_ends_at, handed_over_at,
  delivered_at, cancelled, open, currency, total, paid, line_count, units, customer_masked, region, city, carrier,
  tracking_no, payment_method, open_cases, worst_severity, historical, last_event_at, updated_at`

function orderValues(o: Order): Values {
  const { random, placedAt } = o
  const live = o.cases.filter(c => !OVER.has(c.status))
  const handedOver = ['handed_over', 'in_transit', 'delivered', 'returned'].includes(o.status)
  const delivered = o.status === 'delivered' || o.status === 'returned'
  const total = 1990 + Math.floor(random() * 50_000)
  const lines = 1 + Math.floor(random() * 4)
  return [
    bucketOf(o.stream),
    o.stream,
    12,
    o.orderNo,
    o.channel,
    o.status,
    placedAt,
    placedAt + 7 * DAY,
    handedOver ? placedAt + 30 * HOUR : null,
    delivered ? placedAt + 5 * DAY : null,
    o.status === 'cancelled' ? 't' : 'f',
    o.open ? 't' : 'f',
    'CNY',
    total,
    total,
    lines,
    lines * 2,
    '王*',
    o.place[0],
    o.place[1],
    handedOver ? pick(CARRIERS, random) : null,
    handedOver ? `SF${o.orderNo}` : null,
    pick(METHODS, random),
    live.length,
    live.map(c => c.severity).sort()[0] ?? null,
    'f',
    placedAt + 5 * DAY,
    placedAt + 5 * DAY,
  ].map(text)
}

const CASE_COLUMNS = `bucket, stream, case_id, version, order_no, channel, type, scope, severity, status, holds, owner,
  rule, rule_version, cause, reopened, amount, currency, opened_at, acknowledged_at, resolved_at, closed_at, due_at,
  updated_at`

const caseValues = (o: Order): Values[] =>
  o.cases.map(c => {
    const over = OVER.has(c.status)
    return [
      bucketOf(o.stream),
      o.stream,
      `c-${digest26(o.stream, c.type)}`,
      12,
      o.orderNo,
      o.channel,
      c.type,
      '',
      c.severity,
      c.status,
      over ? 'f' : 't',
      c.owner,
      c.type,
      1,
      over ? 'carrier' : null,
      0,
      9900,
      'CNY',
      c.openedAt,
      c.status === 'open' ? null : c.openedAt + 20 * MINUTE,
      over ? c.openedAt + 10 * HOUR : null,
      over ? c.openedAt + 12 * HOUR : null,
      null,
      c.openedAt + 12 * HOUR,
    ].map(text)
  })

/** What the follower finds in the facts of an order: its number, parcel, goods, place, and a person as blind tokens. */
function searchValues(o: Order, n: number): Values {
  const goods = [0, 1].map(i => `${GOODS[(n * 3 + i * 7) % GOODS.length]} ${(n * 7 + i * 13) % 5000}`)
  const words = [...goods, o.place[0], o.place[1]].flatMap(gramsOf)
  const codes = [o.orderNo, `SF${o.orderNo}`, `P${o.orderNo}`, `SKU-${n % 5000}`, `C${n % 300_000}`].map(codeToken)
  const person = [0, 1, 2].map(i => `~${digest26('person', String((n % 300_000) * 3 + i)).slice(0, 22)}`)
  const grams = [...new Set([...words, ...codes, ...person])]
  return [String(bucketOf(o.stream)), o.stream, `{${grams.map(g => `"${g}"`).join(',')}}`]
}

const PER_PORTION = 2000

/** The rows of the orders 0 to `count`, the oldest first. */
export function* listPortions(count: number, now: Instant): Generator<Portion> {
  for (let from = 0; from < count; from += PER_PORTION) {
    const size = Math.min(PER_PORTION, count - from)
    const made = Array.from({ length: size }, (_, i) => ({ n: from + i, o: orderOf({ n: from + i, of: count, now }) }))
    yield [
      { table: 'order_row', columns: ORDER_COLUMNS, rows: made.map(({ o }) => orderValues(o)) },
      { table: 'case_row', columns: CASE_COLUMNS, rows: made.flatMap(({ o }) => caseValues(o)) },
      { table: 'search_row', columns: 'bucket, stream, grams', rows: made.map(({ o, n }) => searchValues(o, n)) },
    ]
  }
}

export { CHANNELS, OWNERS, PLACES }
export const TYPES = CASE_TYPES
/** Where the list of orders is when so many were shown: a place that a cursor names. */
export const placeAfter = (n: number, of: number, now: Instant): [Instant, string] => {
  const { placedAt, stream } = orderOf({ n, of, now })
  return [placedAt, stream]
}
