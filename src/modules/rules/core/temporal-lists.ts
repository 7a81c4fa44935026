import { elementOf, FAULT, type Frame, type Run, type Value } from './temporal-frame.ts'

/**
 * && and || over any number of operands; `dominant` is false for && and true for ||. While one dominant operand holds the
 * others do not matter, so the horizon is the latest of the dominant ones; else the earliest of all. A fault counts only
 * where nothing dominates it, as in CEL.
 */
export function junctionRun(operands: readonly Run[], dominant: boolean): Run {
  return x => {
    const tally = new Tally(dominant)
    for (const operand of operands) {
      tally.add(operand(x), x.until)
      if (tally.isSettled) break
    }
    return tally.close(x, Number.POSITIVE_INFINITY)
  }
}

export interface MacroParts {
  readonly list: Run
  readonly body: Run
  readonly depth: number
}

/** exists (dominant true) and all (dominant false): the same over the elements of a list. */
export function existsRun({ list, body, depth }: MacroParts, dominant: boolean): Run {
  return x => {
    const elements = list(x)
    const listUntil = x.until
    x.slope = 0
    if (!Array.isArray(elements)) return FAULT
    const tally = new Tally(dominant)
    for (const element of elements) {
      x.elements[depth] = element
      tally.add(body(x), x.until)
      if (tally.isSettled) break
    }
    return tally.close(x, listUntil)
  }
}

/** filter, exists_one and sum need every element, so they hold until the first of them changes. */
export function strictMacroRun({ list, body, depth }: MacroParts, macro: 'filter' | 'exists_one' | 'sum'): Run {
  return x => {
    const elements = list(x)
    let until = x.until
    x.slope = 0
    if (!Array.isArray(elements)) return FAULT
    const values = elements.map(element => {
      x.elements[depth] = element
      const value = body(x)
      until = Math.min(until, x.until)
      return value
    })
    x.until = until
    x.slope = 0
    return collected(macro, elements, values)
  }
}

function collected(macro: 'filter' | 'exists_one' | 'sum', elements: readonly unknown[], values: Value[]): Value {
  if (macro === 'sum')
    return values.reduce((a, b) => (typeof a === 'number' && typeof b === 'number' ? a + b : FAULT), 0)
  if (values.some(v => typeof v !== 'boolean')) return FAULT
  const kept = elements.filter((_, i) => values[i] === true)
  return macro === 'filter' ? kept.map(elementOf) : kept.length === 1
}

class Tally {
  #dominated = -1
  #earliest = Number.POSITIVE_INFINITY
  #fault = false
  readonly #dominant: boolean

  constructor(dominant: boolean) {
    this.#dominant = dominant
  }

  add(value: Value, until: number): void {
    if (value === this.#dominant) this.#dominated = Math.max(this.#dominated, until)
    else if (typeof value !== 'boolean') this.#fault = true
    this.#earliest = Math.min(this.#earliest, until)
  }

  get isSettled(): boolean {
    return this.#dominated === Number.POSITIVE_INFINITY
  }

  close(x: Frame, bound: number): Value {
    x.slope = 0
    const dominated = this.#dominated >= 0
    x.until = Math.min(bound, dominated ? this.#dominated : this.#earliest)
    if (dominated) return this.#dominant
    return this.#fault ? FAULT : !this.#dominant
  }
}
