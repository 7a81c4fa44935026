/** Limits of a control chart: what comes of common causes lies between them. */
export interface Limits {
  readonly mean: number
  readonly upper: number
  readonly lower: number
}

/** With fewer values the limits say more about chance than about the process. */
const FEWEST = 8

/**
 * Limits of an individuals chart (XmR): mean plus and minus 2.66 times the mean of the moving ranges, where 2.66 is
 * 3 / 1.128, and 1.128 the expected range of two values (d2). Chosen over a c-chart because exceptions come in clusters:
 * limits from the square root of the mean would ring at every bad carrier day. Counts are never below zero.
 * Source: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2; Wheeler, Understanding Variation.
 * @param values of the same process, in their order; null when they are too few
 */
export function individualsLimits(values: readonly number[]): Limits | null {
  if (values.length < FEWEST) return null
  const mean = average(values)
  const ranges = values.slice(1).map((value, i) => Math.abs(value - values[i]!))
  const width = (3 / 1.128) * average(ranges)
  return { mean, upper: mean + width, lower: Math.max(mean - width, 0) }
}

export const isOutside = (value: number, { upper, lower }: Limits): boolean => value > upper || value < lower

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
