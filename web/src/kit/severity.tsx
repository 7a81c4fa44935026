import './severity.css'
import type { ReactNode } from 'react'
import type { Severity as Level } from '../../../src/contract/exceptions.ts'

export const Severity = ({ of }: { of: Level }): ReactNode => <span className={`sev ${of}`}>{of}</span>
