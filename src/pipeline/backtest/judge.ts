import type { Instant } from '../../kernel/instant.ts'
import { type BaselineBook, NO_BASELINES, withBaselines } from '../../modules/orders/index.ts'
import { type RuleBook, Watch } from '../../modules/rules/index.ts'
import { apply, RECORD, type Story } from './story.ts'

/** That a rule held: from when, and until when; null when it still did at the end. */
export interface Held {
  readonly from: Instant
  readonly to: Instant | null
}

export interface Judging {
  /** Exclusive. */
  readonly end: Instant
  readonly baselines?: BaselineBook
}

export interface Judged {
  /** For each rule of the book, when it held. */
  readonly held: readonly (readonly Held[])[]
  /** What was known of the order at last, also after the end. */
  readonly values: { readonly [root: string]: unknown }
}

/** Facts that tell which baseline counts; see `withBaselines`. */
const LANE_FACTS = ['node', `${RECORD}.channel`, `${RECORD}.region`]

/** Judges story after story; what it needs for that is made once. */
export class Judge {
  /** The facts of a story that it looks at, as `storyIn` takes them. */
  readonly reads: readonly string[]
  private readonly end: Instant
  private readonly baselines: BaselineBook
  private readonly rules: number
  private readonly watch: Watch

  constructor(book: RuleBook, { end, baselines = NO_BASELINES }: Judging) {
    const paths = book.reads.map(path => (path.startsWith(`${RECORD}.`) ? path : path.split('.')[0]!))
    this.reads = [...new Set(paths.includes('node') ? [...paths, ...LANE_FACTS] : paths)]
    this.end = end
    this.baselines = paths.includes('node') ? baselines : NO_BASELINES
    this.rules = book.rules.length
    this.watch = new Watch(book, { until: end - 1 })
  }

  /**
   * When each rule held for an order, by what was known at each instant, up to the end. A flip between two frames is found
   * at its own instant, as the timers of a live system find it.
   */
  judge({ f: frames }: Story): Judged {
    const { watch, end, baselines } = this
    watch.restart()
    const values = {}
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i]!
      apply(values, frame)
      if (frame[0] >= end) continue
      const next = i + 1 < frames.length ? Math.min(frames[i + 1]![0], end) : end
      watch.run(withBaselines(values, baselines), frame[0], next)
    }
    const held = Array.from({ length: this.rules }, (): Held[] => [])
    for (const { rule, raisedAt, clearedAt } of watch.result().hits) held[rule]!.push({ from: raisedAt, to: clearedAt })
    return { held, values }
  }
}

/** One story alone; whoever has many keeps a judge. */
export const heldIn = (story: Story, book: RuleBook, judging: Judging): Judged['held'] =>
  new Judge(book, judging).judge(story).held
