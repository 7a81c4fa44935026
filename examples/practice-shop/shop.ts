import type { Practice, PracticeShop } from '../../src/contract/api/index.ts'
import { type Andon, AndonRefused, type CaseRow } from './andon.ts'
import { type Memory, readMemory, writeMemory } from './memory.ts'
import { DAY, MINUTE } from './story/calendar.ts'
import { dice } from './story/dice.ts'
import { type Cue, cuesOf } from './story/director.ts'
import { LONGEST_LIFE } from './story/orders.ts'
import { moveOf } from './story/staff.ts'
import { Story } from './story/story.ts'
import type { Incident, Message } from './story/types.ts'

/** How much of the world is said in one go: in its history, and per unit of speed while somebody watches. */
const HISTORY_WINDOW = 4 * MINUTE
const WINDOW_AT_ONCE = 60
/** How often the team looks at its cases, in time of the world and at least in real time. */
const LOOK = { history: 20 * MINUTE, running: MINUTE, real: 700 }
const REMEMBER_EVERY = 20
/** Commands that the team gives at the same time. */
const AT_ONCE = 12

/** Plays the story into Andon: promises, waits, sends; and looks at the cases now and then. */
export class Shop {
  private readonly andon: Andon
  private readonly path: string
  private readonly memory: Memory
  private readonly story: Story
  private state: PracticeShop
  private cues: Cue[] = []
  private cuedUpTo: number
  private lookAt: number
  private rounds = 0
  /** Told by the story and not yet taken by Andon. */
  private unsent: Message[] = []
  private readonly started = new Set<string>()

  static async open(andon: Andon, path: string): Promise<Shop> {
    const shop = shopIn(await andon.practice())
    return new Shop(andon, path, shop)
  }

  private constructor(andon: Andon, path: string, state: PracticeShop) {
    this.andon = andon
    this.path = path
    this.state = state
    this.memory = readMemory(path, Date.parse(state.startsAt))
    const from = Math.max(Date.parse(state.startsAt), this.memory.sentUpTo - LONGEST_LIFE)
    this.story = new Story({ seed: state.seed, from, opensAt: this.opensAt })
    this.learn()
    for (const remedy of this.memory.remedies) this.story.help(remedy)
    // What was sent before is told again, to know how it goes on.
    this.story.runTo(this.memory.sentUpTo)
    this.cuedUpTo = this.memory.sentUpTo + 1
    this.lookAt = this.memory.sentUpTo
  }

  private get opensAt(): number {
    return Date.parse(this.state.opensAt)
  }

  private get now(): number {
    return Date.parse(this.state.now)
  }

  /** One round: until the next thing happens, or the world's people change something. */
  async round(): Promise<void> {
    const inHistory = this.state.phase === 'history'
    const until = this.nextStop()
    const looks = this.lookAt <= until
    const settled = looks && inHistory
    this.state = shopIn(await this.andon.advance(until, { revision: this.state.revision, settled }))
    this.learn()
    if (this.now >= until) await this.happenedUpTo(until)
    if (looks && this.now >= this.lookAt) await this.look(inHistory)
    if (++this.rounds % REMEMBER_EVERY === 0 || !inHistory) this.remember()
  }

  /** When something is to be done next; many small things together when time flies. */
  private nextStop(): number {
    const inHistory = this.state.phase === 'history'
    const window = inHistory ? HISTORY_WINDOW : this.state.speed * WINDOW_AT_ONCE
    // After a crash the clock may be further than the story.
    const since = Math.max(this.memory.sentUpTo, this.now)
    const soonest = Math.max(this.story.next, since + window)
    this.fillCues(soonest)
    const first = Math.max(since, Math.min(soonest, this.lookAt, this.cues[0]?.at ?? soonest))
    return inHistory ? Math.min(first, this.opensAt) : first
  }

  private fillCues(to: number): void {
    if (to < this.cuedUpTo) return
    const next = Math.max(to, this.cuedUpTo) + DAY
    this.cues.push(...cuesOf(this.state.seed, this.opensAt, { from: this.cuedUpTo, to: next }))
    this.cuedUpTo = next
  }

  private async happenedUpTo(until: number): Promise<void> {
    while (this.cues[0] && this.cues[0].at <= until) await this.cue(this.cues.shift()!)
    this.unsent.push(...this.story.runTo(until))
    // Sent again after a failure, what arrived the first time is a repeat.
    await this.andon.send(this.unsent)
    this.unsent = []
    this.memory.sentUpTo = until
  }

  private async cue({ kind, target, minutes }: Cue): Promise<void> {
    try {
      this.state = shopIn(await this.andon.trigger({ kind, target, minutes: Math.max(5, minutes) }))
    } catch (error) {
      if (!(error instanceof AndonRefused && error.refused.code === 'too_many_incidents')) throw error
    }
    this.learn()
  }

  /** Incidents that are new or ended early. */
  private learn(): void {
    const { incidents } = this.memory
    for (const { id, kind, target, from, until } of this.state.incidents)
      incidents[id] = { kind, target, from: Date.parse(from), until: Date.parse(until) }
    const old = this.now - LONGEST_LIFE
    for (const [id, i] of Object.entries(incidents)) if (i.until < old) delete incidents[id]
    this.story.set(Object.values<Incident>(incidents))
  }

  /** The team works on its share; and whatever anybody started has its answer from the world. */
  private async look(inHistory: boolean): Promise<void> {
    const { speed, staff } = this.state
    const at = this.now
    this.lookAt = at + (inHistory ? LOOK.history : Math.max(LOOK.running, speed * LOOK.real))
    const team = staff === 'team'
    const rows = await this.andon.cases(team ? ['open', 'acknowledged', 'working', 'resolved'] : ['working'])
    for (const row of rows) if (row.status === 'working') this.help(row)
    if (!team) return
    const over = await this.andon.cases(['cleared'], at - DAY)
    for (const some of chunked([...rows, ...over], AT_ONCE)) await Promise.all(some.map(row => this.work(row, at)))
  }

  private async work(row: CaseRow, at: number): Promise<void> {
    const seen = { ...row, openedAt: Date.parse(row.openedAt), updatedAt: Date.parse(row.updatedAt) }
    const move = moveOf(this.state.seed, seen, at)
    if (move) await this.andon.command({ ...move, key: `${move.id}:${move.verb}:${seen.updatedAt}` })
  }

  private help({ id, channel, orderNo, type }: CaseRow): void {
    if (channel === null || orderNo === null || this.started.has(id)) return
    this.started.add(id)
    const wait = dice(this.state.seed, 'help', id).between(2, 12) * MINUTE
    const remedy = { at: this.now + wait, channel, orderNo, type }
    this.memory.remedies.push(remedy)
    this.story.help(remedy)
  }

  remember(): void {
    const old = this.now - LONGEST_LIFE
    this.memory.remedies = this.memory.remedies.filter(r => r.at > old)
    writeMemory(this.path, this.memory)
  }
}

const chunked = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))

function shopIn({ shop }: Practice): PracticeShop {
  if (shop === null) throw new Error('this Andon is no practice world: start it with npm start -- --practice')
  return shop
}
