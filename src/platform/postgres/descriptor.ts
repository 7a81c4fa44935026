import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection } from '../connection.ts'

/** What a running Andon tells others about its database, in `<data>/run/server.json` (0600). */
export interface Descriptor {
  readonly pid: number
  readonly connection: Connection
}

const pathIn = (runDir: string): string => join(runDir, 'server.json')

export function writeDescriptor(runDir: string, descriptor: Descriptor): void {
  const temporary = `${pathIn(runDir)}.tmp`
  writeFileSync(temporary, JSON.stringify(descriptor), { mode: 0o600 })
  renameSync(temporary, pathIn(runDir))
}

/** Null when there is none or it cannot be read. Only meaningful while the data lock is held by somebody. */
export function readDescriptor(runDir: string): Descriptor | null {
  if (!existsSync(pathIn(runDir))) return null
  try {
    const { pid, connection } = JSON.parse(readFileSync(pathIn(runDir), 'utf8'))
    return { pid: Number(pid), connection }
  } catch {
    return null
  }
}

export const removeDescriptor = (runDir: string): void => rmSync(pathIn(runDir), { force: true })
