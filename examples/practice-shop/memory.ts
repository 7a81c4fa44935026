import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Incident, Remedy } from './story/types.ts'

/** What the shop must know to go on after it was stopped: its story is told again from this, and goes on from there. */
export interface Memory {
  /** Everything up to and with this instant was sent. */
  sentUpTo: number
  remedies: Remedy[]
  incidents: { [id: string]: Incident }
}

export function readMemory(path: string, startsAt: number): Memory {
  if (!existsSync(path)) return { sentUpTo: startsAt - 1, remedies: [], incidents: {} }
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** As a whole or not at all. */
export function writeMemory(path: string, memory: Memory): void {
  writeFileSync(`${path}.new`, JSON.stringify(memory))
  renameSync(`${path}.new`, path)
}
