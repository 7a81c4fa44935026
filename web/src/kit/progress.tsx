import type { ReactNode } from 'react'
import type { JobItem } from '../../../src/contract/api/index.ts'
import { count } from '../lib/format.ts'
import { useKitTexts } from './texts.ts'

/** What jobs count; another word stands as the server has it. */
const UNITS = ['groups', 'orders', 'rows', 'events', 'bytes'] as const

/** `30 of 32 groups, 30,966 orders` in the reader's language. */
export function useProgressWords(): (progress: JobItem['progress']) => string {
  const t = useKitTexts()
  const unitOf = (unit: string): string => {
    const known = UNITS.find(one => one === unit)
    return known === undefined ? unit : t(`unit.${known}`)
  }
  return ({ done, total, unit, note }) => {
    const counted = total === null ? count(done) : `${count(done)} / ${count(total)}`
    const [, also, of] = /^(\d+) (\w+)$/.exec(note ?? '') ?? []
    const noted = also === undefined || of === undefined ? (note ?? '') : `${count(Number(also))} ${unitOf(of)}`
    return [`${counted} ${unit ? unitOf(unit) : ''}`.trim(), noted].filter(Boolean).join(' · ')
  }
}

/** How far a job is. Without a total the bar shows that something is going on, and no more. */
export const ProgressBar = ({ of, label }: { of: JobItem['progress']; label: string }): ReactNode => (
  <progress aria-label={label} max={of.total ?? undefined} value={of.total === null ? undefined : of.done} />
)
