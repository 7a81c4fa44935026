/** An amount in integer minor units (cents, fen) of an ISO 4217 currency. Never a float. */
export interface Money {
  readonly amount: number
  readonly currency: string
}

/** Decimal text such as `216.87` to minor units, exact, or null when it is not a decimal of at most `digits` places. */
export function minorOf(text: string, digits = 2): number | null {
  const m = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(text.trim())
  if (!m) return null
  const fraction = (m[3] ?? '').replace(/0+$/, '')
  if (fraction.length > digits) return null
  const minor = Number(m[2]) * 10 ** digits + Number(fraction.padEnd(digits, '0') || 0)
  return m[1] === '-' ? -minor : minor
}
