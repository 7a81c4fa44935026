import type { PracticeIncident } from '../../../src/contract/practice.ts'
import { Agenda } from './agenda.ts'
import { DAY, MINUTE, SECOND } from './calendar.ts'
import { Conditions } from './conditions.ts'
import { type Dice, dice } from './dice.ts'
import type { Outcome, Planned, Said, Take } from './moment.ts'
import { countOf, expectedIn, orderOf, SLOT, type Wish } from './orders.ts'
import { remedyOf } from './remedies.ts'
import { sourceOf } from './says.ts'
import { orderSteps } from './steps-order.ts'
import { roadSteps } from './steps-road.ts'
import {
  CHANNELS,
  type Channel,
  type Incident,
  type Life,
  type Message,
  type Order,
  type Remedy,
  type Step,
} from './types.ts'

const STEPS: { readonly [step in Step]: Take } = { ...orderSteps, ...roadSteps }

/** A finished order may still be spoken of for so long: somebody works on its case. */
const REMEMBERED = 10 * DAY

type Event =
  | { readonly kind: 'slot'; readonly channel: Channel }
  | { readonly kind: 'begin'; readonly order: Order }
  | { readonly kind: 'step'; readonly life: Life; readonly planned: Planned; readonly plan: number }
  | { readonly kind: 'send'; readonly message: Message; readonly from: string }
  | { readonly kind: 'remedy'; readonly remedy: Remedy }
  | { readonly kind: 'forget'; readonly no: string }

export interface StoryOptions {
  readonly seed: number
  /** The first orders are placed then. */
  readonly from: number
  /** When people begin to look: shortly before, a few orders are made whose trouble shows then. */
  readonly opensAt: number
}

/**
 * What happens to the shop, as a function of its seed, of what goes wrong and of what people do about it: no clock and no
 * chance of its own. The same inputs tell the same story, however often it is asked.
 */
export class Story {
  private readonly options: StoryOptions
  private readonly agenda = new Agenda<Event>()
  private readonly world = new Conditions()
  private readonly lives = new Map<string, Life>()

  constructor(options: StoryOptions) {
    this.options = options
    const first = Math.floor(options.from / SLOT) * SLOT
    for (const channel of CHANNELS) this.agenda.add({ at: first, key: `0 ${channel}`, what: { kind: 'slot', channel } })
    for (const order of this.openingOrders()) if (order.placedAt >= options.from) this.begin(order)
  }

  /** Everything that went, goes or will go wrong, as far as it is known. */
  set(incidents: readonly Incident[]): void {
    this.world.set(incidents)
  }

  /** Somebody works on it. Counts from its instant on; one in the past counts now. */
  help(remedy: Remedy): void {
    this.agenda.add({
      at: remedy.at,
      key: `2 ${remedy.channel}/${remedy.orderNo} ${remedy.type}`,
      what: { kind: 'remedy', remedy },
    })
  }

  /** When something is said or decided next. */
  get next(): number {
    return this.agenda.peek()?.at ?? Number.POSITIVE_INFINITY
  }

  /** Lets time pass up to and with `until`; what was said meanwhile, in its order. */
  runTo(until: number): Message[] {
    const said: Message[] = []
    for (let entry = this.agenda.take(until); entry !== null; entry = this.agenda.take(until)) {
      const message = this.happen(entry.what, entry.at)
      if (message) said.push(message)
    }
    return said
  }

  private happen(what: Event, at: number): Message | null {
    switch (what.kind) {
      case 'slot':
        this.slot(what.channel, at)
        return null
      case 'begin':
        this.begin(what.order)
        return null
      case 'step':
        this.step(what, at)
        return null
      case 'remedy':
        this.remedy(what.remedy, at)
        return null
      case 'forget':
        this.lives.delete(what.no)
        return null
      case 'send':
        return this.send(what, at)
    }
  }

  private slot(channel: Channel, at: number): void {
    this.agenda.add({ at: at + SLOT, key: `0 ${channel}`, what: { kind: 'slot', channel } })
    const chance = dice(this.options.seed, 'slot', channel, at)
    const count = countOf(expectedIn(channel, at, this.world.is('promotion', channel, at)), chance)
    for (let n = 0; n < count; n++) {
      const placedAt = at + chance.below(SLOT)
      if (placedAt < this.options.from) continue
      const order = orderOf(this.options.seed, { channel, placedAt, n })
      this.plan(order)
      const twice = this.world.is('duplicate_orders', channel, placedAt) || chance.chance(0.003)
      if (twice) this.plan(doubleOf(order, placedAt + chance.between(15, 150) * SECOND))
    }
  }

  private plan(order: Order): void {
    this.agenda.add({ at: order.placedAt, key: `1 ${order.no}`, what: { kind: 'begin', order } })
  }

  /** So that something happens while the newcomer looks: paid short an hour before, which shows after an hour. */
  private openingOrders(): Order[] {
    const { seed, opensAt } = this.options
    const wishes = Array.from(
      { length: 12 },
      (_, i): Wish => ({
        ...{ channel: 'plaza', n: 90 + i, trouble: 'underpaid' },
        placedAt: opensAt - 60 * MINUTE + 5 * SECOND + i * i * 25 * SECOND,
      }),
    )
    return wishes.map(wish => orderOf(seed, wish))
  }

  private begin(order: Order): void {
    const life: Life = {
      ...{ order, warehouse: order.warehouse, stage: 'placed', lines: order.lines, shipTo: order.shipTo },
      ...{ plan: 0, said: 0, paid: 0, remedied: new Set<string>(), did: new Set<string>() },
    }
    this.lives.set(`${order.channel}/${order.no}`, life)
    this.schedule(life, [{ step: 'place', at: order.placedAt }])
  }

  private step({ life, planned, plan }: Extract<Event, { kind: 'step' }>, at: number): void {
    if (plan !== life.plan) return
    const { step, n = 0 } = planned
    const chance = this.chanceOf(life, `${step} ${n} ${at}`)
    this.settle(life, STEPS[step]({ life, at, n, chance, world: this.world }), at)
  }

  private remedy({ channel, orderNo, type }: Remedy, at: number): void {
    const life = this.lives.get(`${channel}/${orderNo}`)
    if (life === undefined) return
    const chance = this.chanceOf(life, `remedy ${type}`)
    this.settle(life, remedyOf(type, { life, at, n: 0, chance, world: this.world }), at)
  }

  private chanceOf = (life: Life, what: string): Dice => dice(this.options.seed, life.order.no, what)

  private settle(life: Life, { says = [], next = [], replaces }: Outcome, at: number): void {
    if (replaces) life.plan++
    for (const said of says) this.say(life, said, at)
    this.schedule(life, next)
    if (next.length === 0) {
      const no = `${life.order.channel}/${life.order.no}`
      this.agenda.add({ at: at + REMEMBERED, key: `9 ${no} ${life.said}`, what: { kind: 'forget', no } })
    }
  }

  private schedule(life: Life, steps: readonly Planned[]): void {
    for (const planned of steps) {
      const key = `3 ${life.order.no} ${planned.step} ${planned.n ?? 0}`
      this.agenda.add({ at: planned.at, key, what: { kind: 'step', life, planned, plan: life.plan } })
    }
  }

  private say(life: Life, said: Said, at: number): void {
    const id = `${life.order.no}-${String(life.said++).padStart(3, '0')}`
    const { type, from, data, time = at, lag = 1500 } = said
    const message: Message = { id, source: sourceOf(from), type, time, data, ...(said.broken && { broken: true }) }
    const chance = dice(this.options.seed, id)
    const sentAt = at + chance.skewed(200, lag)
    this.queue(message, from, sentAt)
    // Some systems tell everything twice.
    if (chance.chance(0.01)) this.queue(message, from, sentAt + chance.between(1, 20) * MINUTE)
  }

  private queue(message: Message, from: string, at: number): void {
    this.agenda.add({ at, key: `4 ${message.id}`, what: { kind: 'send', message, from } })
  }

  /** A feed that is silent keeps its messages, and tells them one after the other when it is back. */
  private send({ message, from }: Extract<Event, { kind: 'send' }>, at: number): Message | null {
    const silent = this.world.until(SILENCE, from, at)
    if (silent === null) return message
    this.queue(message, from, silent + Math.max(0, 40 * SECOND - Math.round((silent - at) / 300)))
    return null
  }
}

const SILENCE: PracticeIncident = 'feed_silence'

/** The same wish under another number, which nobody pays. */
const doubleOf = (order: Order, placedAt: number): Order => ({
  ...order,
  ...{ no: `${order.no}X`, placedAt, trouble: 'never_pays', doubleOf: order.no, trackingNo: `${order.trackingNo}X` },
})
