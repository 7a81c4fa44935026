import type { BenchResult, Figure } from './bench.ts'
import { meets } from './bench.ts'

const aimText = ({ aim, unit }: Figure): string => {
  if (aim === undefined) return ''
  return 'least' in aim ? `>= ${aim.least} ${unit}` : `<= ${aim.most} ${unit}`
}

const MARKS = new Map<boolean | null, string>([
  [true, 'met'],
  [false, 'MISSED'],
])

/** Four digits that matter, whole numbers from 1000 on. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '-'
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

/** The figures of a bench as lines of text. */
export function tableOf(name: string, { figures, notes }: BenchResult): string {
  const rows = figures.map(f => [f.name, shown(f.value), f.unit, aimText(f), MARKS.get(meets(f)) ?? ''])
  const width = (column: number) => Math.max(...rows.map(r => r[column]!.length), 0)
  const widths = [width(0), width(1), width(2), width(3)]
  const lines = rows.map(([what, value, unit, aim, mark]) =>
    `  ${what!.padEnd(widths[0]!)}  ${value!.padStart(widths[1]!)} ${unit!.padEnd(widths[2]!)}  ${aim!.padEnd(widths[3]!)}  ${mark}`.trimEnd(),
  )
  return [`${name}`, ...lines, ...(notes ?? []).map(n => `  - ${n}`)].join('\n')
}
