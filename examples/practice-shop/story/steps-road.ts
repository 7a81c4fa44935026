import { DAY, HOUR, MINUTE, nextOf } from './calendar.ts'
import type { Moment, Outcome, Planned, Said, Take } from './moment.ts'
import { officeTime } from './orders.ts'
import { carrierSays, channelSays, paymentSays, warehouseSays } from './says.ts'
import type { Life } from './types.ts'

/** From the hand-over to the customer's door, and back. */

/** When couriers set out, ms since midnight. */
const ROUNDS = [8, 13.5].map(hour => hour * HOUR)
const HUBS = ['嘉兴转运中心', '武汉分拨中心', '郑州转运中心', '广州分拨中心', '成都转运中心'] as const
/** A parcel that nobody finds is given up after this. */
const GIVEN_UP = 12 * DAY

const collect: Take = moment => {
  const { life, at, chance } = moment
  const says: Said[] = [scan(moment, 'parcel.collected')]
  if (life.order.trouble === 'typo') says.push(mistyped(moment))
  const share = life.order.abroad ? 0.15 : 0.3
  return {
    says,
    next: [{ step: 'hub', n: 1, at: at + Math.round(life.order.far * share * (0.8 + chance.real() * 0.5) * HOUR) }],
  }
}

function scan({ life, at, chance }: Moment, type: string, more: { readonly [field: string]: unknown } = {}): Said {
  life.lastScanAt = at
  const name = chance.pick(HUBS)
  return carrierSays(life, type, { place: { name }, message: `【${name}】快件已处理`, ...more })
}

/** Somebody typed the number by hand: nobody knows whose parcel that is. */
function mistyped({ life, chance }: Moment): Said {
  const said = carrierSays(life, 'parcel.in_transit')
  return {
    ...said,
    data: { ref: { trackingNo: `${life.order.trackingNo}${chance.between(1, 9)}`, carrier: life.order.carrier } },
  }
}

/** Arrivals have odd numbers, departures even ones. */
const hubsOf = ({ order }: Life): number => (order.abroad ? 2 : order.far > 40 ? 6 : order.far > 8 ? 4 : 2)

const hub: Take = moment => {
  const { life, at, n, chance } = moment
  const held = onTheRoad(moment)
  if (held) return held
  const says = [scan(moment, n % 2 === 1 ? 'parcel.arrived_at_hub' : 'parcel.departed_hub')]
  if (n % 2 === 1) return { says, next: [{ step: 'hub', n: n + 1, at: at + chance.between(1, 5) * HOUR }] }
  if (n < hubsOf(life)) {
    const leg = (life.order.far * 1.4 * HOUR) / hubsOf(life)
    return { says, next: [{ step: 'hub', n: n + 1, at: at + Math.round(leg * (0.7 + chance.real() * 0.7)) }] }
  }
  return { says, next: [nextLeg(moment)] }
}

const nextLeg = ({ life, at, chance }: Moment): Planned =>
  life.order.abroad
    ? { step: 'customs', at: at + chance.between(20, 50) * HOUR }
    : { step: 'out', at: nextOf(at + chance.between(1, 4) * HOUR, ROUNDS) }

/** What keeps a parcel from its next scan; each thing happens to it once. */
function onTheRoad(moment: Moment): Outcome | null {
  const { life, at, n, chance, world } = moment
  const { carrier, trouble } = life.order
  const once = (what: string): boolean => !life.did.has(what) && Boolean(life.did.add(what))
  const again = (wait: number): Outcome => ({ next: [{ step: 'hub', n, at: at + wait }] })
  const missed = world.began('lost_truck', carrier, { from: life.lastScanAt ?? at, to: at })
  if ((missed && once('lost_truck') && chance.chance(0.6)) || (trouble === 'lost' && once('lost')))
    return chance.chance(0.5)
      ? { next: [{ step: 'send_home', n: 9, at: at + GIVEN_UP }] }
      : again(chance.between(50, 110) * HOUR)
  if (world.is('carrier_delay', carrier, at) && once(`delay${n}`)) return again(chance.between(14, 30) * HOUR)
  if (trouble === 'slow_road' && once('slow')) return again(chance.between(40, 90) * HOUR)
  if (trouble === 'misrouted' && once('misrouted'))
    return { says: [scan(moment, 'parcel.exception', { code: 'misrouted' })], ...again(chance.between(26, 50) * HOUR) }
  if (trouble === 'damaged' && once('damaged'))
    return {
      says: [scan(moment, 'parcel.exception', { code: 'damaged' })],
      next: [{ step: 'send_home', at: at + 20 * HOUR }],
    }
  return null
}

const customs: Take = moment => {
  const { at, n, chance } = moment
  const say = (stage: string): Said =>
    carrierSays(moment.life, 'parcel.customs', {
      stage,
      place: { name: '口岸海关', country: moment.life.order.shipTo.country },
    })
  if (n === 0)
    return {
      says: [say('entered')],
      next: [{ step: 'customs', n: chance.chance(0.08) ? 1 : 2, at: at + chance.between(8, 40) * HOUR }],
    }
  if (n === 1)
    return { says: [say('inspection')], next: [{ step: 'customs', n: 2, at: at + chance.between(40, 120) * HOUR }] }
  return { says: [say('cleared')], next: [{ step: 'out', at: at + chance.between(20, 70) * HOUR }] }
}

const out: Take = moment => {
  const { life, at, chance } = moment
  life.stage = 'out'
  return {
    says: [scan(moment, 'parcel.out_for_delivery')],
    next: [{ step: 'arrive', at: at + chance.skewed(40, 420) * MINUTE }],
  }
}

const arrive: Take = moment => {
  const { life, at, n, chance } = moment
  const { trouble } = life.order
  const tomorrow = nextOf(at + 9 * HOUR, ROUNDS)
  if (life.did.has('bad_address'))
    return {
      says: [
        attempted(life, 'address_problem'),
        { ...carrierSays(life, 'parcel.exception', { code: 'address_problem' }), lag: 60_000 },
      ],
      next: [{ step: 'send_home', at: at + 5 * DAY }],
    }
  if (trouble === 'absent' && !life.did.has('absent')) {
    life.did.add('absent')
    return { says: [attempted(life, 'absent')], next: [{ step: 'out', at: tomorrow }] }
  }
  if (trouble === 'refused')
    return { says: [attempted(life, 'refused')], next: [{ step: 'send_home', at: at + 20 * HOUR }] }
  if (n === 0 && chance.chance(0.18))
    return {
      says: [scan(moment, 'parcel.ready_for_pickup')],
      next: [{ step: 'arrive', n: 1, at: at + chance.skewed(1, 40) * HOUR }],
    }
  return { says: delivered(moment), next: [...afterwards(moment)] }
}

const attempted = (life: Life, reason: string): Said => carrierSays(life, 'parcel.delivery_attempted', { reason })

function delivered(moment: Moment): Said[] {
  const { life, at, n } = moment
  const { order } = life
  life.stage = 'delivered'
  life.deliveredAt = at
  const cash = { amount: order.total, currency: order.currency, method: 'cod', sequence: 1 }
  const says: Said[] = []
  if (order.method === 'cod') says.push(paymentSays(life, 'payment.received', cash))
  if (order.trouble === 'no_date')
    return [...says, channelSays(life, 'order.status_reported', { status: 'delivered', sourceStatus: '已签收' })]
  // A hand-held whose clock is a day behind.
  const time = order.trouble === 'wrong_clock' ? (life.handedOverAt ?? at) - 3 * HOUR : at
  const proof = { signedBy: n === 1 ? '自提柜' : life.shipTo.name, proof: n === 1 ? 'locker' : 'signature' }
  return [...says, { ...carrierSays(life, 'parcel.delivered', proof), time }]
}

function* afterwards({ life, at, chance }: Moment): Generator<Planned> {
  if (chance.chance(0.15)) yield { step: 'review', at: at + chance.skewed(2, 60) * HOUR }
  if (life.order.trouble === 'sends_back') yield { step: 'return', at: at + chance.between(10, 90) * HOUR }
}

const WORDS = ['很好，物流快', '包装完整', '一般般', '东西不错，就是慢了点', '和描述一致，会再买'] as const

const review: Take = ({ life, chance }) => ({
  says: [channelSays(life, 'review.received', { score: scoreOf(chance.real()), comment: chance.pick(WORDS) })],
})
const scoreOf = (share: number): number =>
  share < 0.6 ? 5 : share < 0.82 ? 4 : share < 0.91 ? 3 : share < 0.95 ? 2 : 1

const giveBack: Take = ({ life, at, n, chance }) => {
  const id = { returnId: `RT-${life.order.no}` }
  const goods = life.lines.slice(0, 1).map(({ sku, qty }) => ({ sku, qty }))
  if (n === 0)
    return {
      says: [channelSays(life, 'return.requested', { ...id, wants: 'refund', lines: goods, reason: '七天无理由' })],
      next: [{ step: 'return', n: 1, at: officeTime(at, chance.skewed(20, 300) * MINUTE) }],
    }
  if (n === 1)
    return {
      says: [erpSaysOf(life, 'return.approved', id)],
      next: [{ step: 'return', n: 2, at: at + chance.between(5, 40) * HOUR }],
    }
  if (n === 2)
    return {
      says: [channelSays(life, 'return.shipped', id)],
      next: [{ step: 'return', n: 3, at: at + chance.between(40, 80) * HOUR }],
    }
  life.stage = 'over'
  const said = warehouseSays(life, 'return.received', { ...id, lines: goods, condition: 'good' })
  return { says: [withoutWarehouse(said)], next: [{ step: 'refund', at: officeTime(at, chance.between(1, 5) * HOUR) }] }
}

const erpSaysOf = (life: Life, type: string, data: object): Said => ({
  ...channelSays(life, type, { ...data }),
  from: 'erp',
})
const withoutWarehouse = (said: Said): Said => {
  const { warehouse: _unknown, ...data } = { warehouse: null, ...said.data }
  return { ...said, data }
}

/** Nine: it was never found. */
const sendHome: Take = moment => {
  const { life, at, n, chance } = moment
  if (n === 9) {
    life.stage = 'over'
    return {
      says: [carrierSays(life, 'parcel.exception', { code: 'lost' })],
      next: [{ step: 'refund', at: officeTime(at, 4 * HOUR) }],
    }
  }
  return { says: [scan(moment, 'parcel.returning')], next: [{ step: 'home', at: at + chance.between(30, 70) * HOUR }] }
}

const home: Take = moment => {
  moment.life.stage = 'over'
  return {
    says: [scan(moment, 'parcel.returned_to_sender')],
    next: moment.life.paid > 0 ? [{ step: 'refund', at: officeTime(moment.at, 5 * HOUR) }] : [],
  }
}

export const roadSteps = {
  ...{ collect, hub, customs, out, arrive, review, home },
  return: giveBack,
  send_home: sendHome,
} as const
