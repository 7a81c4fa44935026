import type { Fact } from '../contract/stream.ts'
import { bucketsOf, groupOf, homeBucketOf } from '../kernel/bucket.ts'
import { DAY } from '../kernel/instant.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { actsOf } from './acts.ts'
import { type LoadDeps, openFacts, type TailRow } from './load.ts'
import { type Tokens, tokensOf } from './search.ts'
import { writeShadows } from './shadows.ts'
import * as text from './sql/project.ts'
import { jsonRows, type Sql } from './sql.ts'
import { packStories, retellStories, WRITE_STORIES } from './stories.ts'
import { Tally } from './tally.ts'

const PAGE = 1000
/** Between rounds, so that what lanes write meanwhile is read in larger pages and they have the machine first; ms. */
const BREATH = 100
/**
 * While messages wait, followers look after every page whether the lanes still need the machine, and stand back; in all
 * as long as this, then they take their share until they have caught up. ms.
 */
const STAND_BACK = 5000
const LOOK_AGAIN = 20

export interface ProjectorDeps {
  readonly db: Database
  readonly loads: LoadDeps
  readonly log: Log
  readonly tokens: (type: string) => Tokens
  groups(): readonly number[]
  /** Whether somebody waits for what the lanes do. */
  busy?(): boolean
  pause(ms: number): Promise<void>
}

type Row = TailRow & { pos: number }
interface Seen {
  readonly row: Row
  readonly fact: Fact
}

/**
 * The follower that writes what no caller waits for: search, roll-ups, packed stories. Reads each group's ledger by
 * position and stores its own position in the same transaction, so that nothing is missed or counted twice.
 */
export class Projector {
  private readonly deps: ProjectorDeps
  private wake: () => void = () => {}
  private running: Promise<void> | null = null
  private stopped = false
  /** Whether there may be stories that an earlier release told. */
  private outdated = true
  private readonly tally: Tally
  /** How long it has stood back since it had caught up, ms. */
  private stoodBack = 0
  private givingWay: Promise<void> | null = null

  constructor(deps: ProjectorDeps) {
    this.deps = deps
    this.tally = new Tally({ ...deps, giveWay: () => this.giveWay() })
  }

  start(): void {
    this.running ??= this.loop()
  }

  poke(): void {
    this.wake()
  }

  async stop(): Promise<void> {
    this.stopped = true
    this.tally.stop()
    this.wake()
    await this.running
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      const poked = new Promise<void>(resolve => {
        this.wake = resolve
      })
      const read = await this.round().catch(error => {
        this.deps.log.warn('the follower fell back', { error: String(error) })
        return null
      })
      if (read === 0) this.stoodBack = 0
      if (read === 0 && this.outdated) await this.retell()
      // After a failure too: the pipeline pokes now and then, and a database that is down is not asked without end.
      if (!read && !this.stopped) await poked
      else if (!this.stopped) await this.deps.pause(BREATH)
    }
  }

  /** Both followers wait together: each by itself would count the time of both. */
  private giveWay(): Promise<void> {
    this.givingWay ??= this.standBack().finally(() => {
      this.givingWay = null
    })
    return this.givingWay
  }

  private async standBack(): Promise<void> {
    const { busy, pause } = this.deps
    while (busy?.() && this.stoodBack < STAND_BACK && !this.stopped) {
      await pause(LOOK_AGAIN)
      this.stoodBack += LOOK_AGAIN
    }
  }

  /** Stories that an earlier release told are told anew, a page at a time and only while there is nothing else to do. */
  private async retell(): Promise<void> {
    const { db, loads, groups, log } = this.deps
    try {
      this.outdated = (await retellStories(db, loads, groups().flatMap(bucketsOf))) > 0
      if (this.outdated) this.wake()
    } catch (error) {
      log.warn('old stories were not told anew', { error: String(error) })
    }
  }

  /** One page of every owned group for each of the followers; returns how many ledger rows were read. */
  async round(): Promise<number> {
    const homes = this.deps.groups()
    const [tallied, projected] = await Promise.allSettled([this.tally.round(homes), this.projected()])
    // The one that fell back does not hold up the other; when neither has anything else to read, it is told.
    const read =
      (tallied.status === 'fulfilled' ? tallied.value : 0) + (projected.status === 'fulfilled' ? projected.value : 0)
    const failed = [tallied, projected].find(done => done.status === 'rejected')
    if (read === 0 && failed?.status === 'rejected') throw failed.reason
    return read
  }

  private async projected(): Promise<number> {
    const homes = this.deps.groups().map(homeBucketOf)
    const { rows } = await this.deps.db.query<{ bucket: number; pos: number }>(text.AHEAD, [text.PROJECTOR, homes])
    let read = 0
    let behind = 0
    for (const { bucket, pos } of rows) {
      await this.giveWay()
      if (this.stopped) break
      try {
        read += await this.page(groupOf(bucket), pos)
      } catch (error) {
        // One page that cannot be read (a fact of a newer release) keeps only its own group behind.
        behind++
        this.deps.log.warn('the follower fell back', { group: groupOf(bucket), error: String(error) })
      }
    }
    // Nothing left to read is not the same as nothing that could be read.
    if (read === 0 && behind > 0) throw new Error(`${behind} groups are behind`)
    return read
  }

  private async page(group: number, from: number): Promise<number> {
    const { db, loads } = this.deps
    const { rows } = await db.query<Row>(text.READ_PAGE, [group, from, PAGE, bucketsOf(group)])
    const last = rows.at(-1)
    if (!last) return 0
    // One text that somebody changed must not keep the group behind; `verify-ledger` names it.
    const facts = await openFacts(db, { ...loads, broken: 'mark' }, rows)
    const seen = rows.map((row, i) => ({ row, fact: facts[i]! }))
    const stories = await packStories(db, loads, seen)
    await db.transaction(async tx => {
      const moved = await tx.query(text.MOVE, [text.PROJECTOR, homeBucketOf(group), from, last.pos])
      if (moved.rowCount !== 1) throw new Error(`another follower moved group ${group}`)
      await this.writeSearch(tx, seen)
      const erased = seen.filter(s => s.fact.type === 'person.erased').map(s => ({ b: s.row.bucket, s: s.row.stream }))
      if (erased.length > 0) await tx.query(text.STRIP_SEARCH, [jsonRows(erased)])
      await writeRollups(tx, homeBucketOf(group), seen)
      await writeShadows(tx, seen)
      const acts = actsOf(seen)
      if (acts.length > 0) await tx.query(text.WRITE_ACTS, [jsonRows(acts)])
      if (stories.length > 0) await tx.query(WRITE_STORIES, [jsonRows(stories)])
    })
    return rows.length
  }

  private async writeSearch(tx: Sql, seen: readonly Seen[]): Promise<void> {
    const byStream = new Map<string, { b: number; s: string; g: Set<string> }>()
    for (const { row, fact } of seen) {
      if (!row.stream.startsWith('o-')) continue
      const grams = tokensOf(fact, this.deps.tokens(fact.type))
      if (grams.length === 0) continue
      const entry = byStream.get(row.stream) ?? { b: row.bucket, s: row.stream, g: new Set<string>() }
      for (const gram of grams) entry.g.add(gram)
      byStream.set(row.stream, entry)
    }
    if (byStream.size === 0) return
    const rows = [...byStream.values()].map(e => ({ b: e.b, s: e.s, g: [...e.g] }))
    await tx.query(text.WRITE_SEARCH, [jsonRows(rows)])
  }
}

/** What a fact counts as, by day (UTC) of its occurrence: additive, each exactly once. */
function measureOf({ type, body, seq }: Fact): { measure: string; dimension: string; amount: number } | null {
  const textOf = (key: string) => (typeof body[key] === 'string' ? body[key] : '')
  if (type === 'order.placed' && seq === 1) return { measure: type, dimension: '', amount: 0 }
  if (type.startsWith('case.') && type !== 'case.noted') return { measure: type, dimension: textOf('type'), amount: 0 }
  if (type.startsWith('finding.')) return { measure: type, dimension: textOf('rule'), amount: 0 }
  return null
}

async function writeRollups(tx: Sql, bucket: number, seen: readonly Seen[]): Promise<void> {
  const cells = new Map<string, { b: number; d: number; m: string; x: string; n: number; a: number }>()
  for (const { fact } of seen) {
    const measure = measureOf(fact)
    if (!measure) continue
    const d = Math.floor(fact.occurredAt / DAY)
    const key = `${d}\0${measure.measure}\0${measure.dimension}`
    const cell = cells.get(key) ?? { b: bucket, d, m: measure.measure, x: measure.dimension, n: 0, a: 0 }
    cells.set(key, { ...cell, n: cell.n + 1, a: cell.a + measure.amount })
  }
  if (cells.size > 0) await tx.query(text.ADD_ROLLUPS, [jsonRows([...cells.values()])])
}
