import type { AuditWhat, AuditWho } from '../../contract/audit.ts'
import { type Duration, type Instant, MINUTE } from '../../kernel/instant.ts'

/** Repeats of one refusal are counted for so long, and then written once. */
const WINDOW: Duration = MINUTE
/**
 * Kinds of refusals that are told apart within a window; what comes beyond is counted together. Apart for those who are
 * signed in, so that strangers cannot hide what these try by knocking everywhere.
 */
const MOST_KINDS = { known: 60, stranger: 30 } as const

interface Kind {
  readonly who: AuditWho
  readonly what: AuditWhat
  /** Not written yet. */
  times: number
  /** When the window ends; the first of a kind is written at once. */
  until: Instant
  written: boolean
}

/** One row to write: how often it happened. */
export interface Counted {
  readonly who: AuditWho
  readonly what: AuditWhat
  readonly times: number
}

/**
 * Refusals on their way into the trail. The first of a kind (who, from where, what, why) is told at once, its repeats of
 * the next minute in one row, and no more than so many kinds a minute: whoever is refused a million times must not fill
 * the disk. Counts of the last minute are lost when the process dies; the first of each kind is not.
 */
export class Refusals {
  readonly #kinds = { known: new Map<string, Kind>(), stranger: new Map<string, Kind>() }
  #others = 0
  #othersSince: Instant = 0

  add(who: AuditWho, what: AuditWhat, now: Instant): void {
    const key = JSON.stringify([who.actor, who.behalf, who.address, what.verb, what.code, what.subject?.id])
    const side = STRANGER.test(who.actor) ? 'stranger' : 'known'
    const kinds = this.#kinds[side]
    const known = kinds.get(key)
    if (known) known.times++
    else if (kinds.size < MOST_KINDS[side]) kinds.set(key, { who, what, times: 1, until: now + WINDOW, written: false })
    else {
      if (this.#others === 0) this.#othersSince = now
      this.#others++
    }
  }

  get isEmpty(): boolean {
    return this.#kinds.known.size + this.#kinds.stranger.size + this.#others === 0
  }

  /** What is to be written now. `all`: nothing is kept back, because the process ends. */
  take(now: Instant, all = false): Counted[] {
    const due: Counted[] = [...takeKinds(this.#kinds.known, now, all), ...takeKinds(this.#kinds.stranger, now, all)]
    if (this.#others > 0 && (all || now >= this.#othersSince + WINDOW)) {
      due.push({ who: { actor: 'many' }, what: OTHERS, times: this.#others })
      this.#others = 0
    }
    return due
  }
}

function takeKinds(kinds: Map<string, Kind>, now: Instant, all: boolean): Counted[] {
  const due: Counted[] = []
  for (const [key, kind] of kinds) {
    const { who, what, times, until, written } = kind
    if (times > 0 && (!written || now >= until || all)) {
      due.push({ who, what, times })
      Object.assign(kind, { times: 0, written: true })
    } else if (now >= until) kinds.delete(key)
    if (now >= until) kind.until = now + WINDOW
  }
  return due
}

/** Nobody who signed in. */
const STRANGER = /^(guest|anonymous)\b/

const OTHERS: AuditWhat = { verb: 'access.refused', outcome: 'refused', code: 'too_many_to_tell_apart' }
