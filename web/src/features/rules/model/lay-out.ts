import { parse } from '../../../../../src/modules/rules/browser.ts'

/** A condition with each part that it joins at the top on a line of its own; text that cannot be read stays as it is. */
export function laidOut(when: string): string {
  const parsed = parse(when)
  if (!parsed.ok || parsed.expr.kind !== 'junction') return when
  const { op, operands } = parsed.expr
  let out = ''
  let from = 0
  operands.forEach((operand, i) => {
    const next = operands[i + 1]
    if (next === undefined) return
    // Between two parts stand the sign, brackets and blanks: the parts themselves are not touched.
    const gap = when.slice(operand.end, next.start)
    if (gap.includes('\n')) return
    const sign = gap.indexOf(op)
    if (sign < 0) return
    out += `${when.slice(from, operand.end)}${gap.slice(0, sign + op.length)}\n`
    from = operand.end + sign + op.length
    while (when[from] === ' ') from++
  })
  return out + when.slice(from)
}
