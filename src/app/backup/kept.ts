import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Instant, isoOf } from '../../kernel/instant.ts'

/** A backup file in its folder. */
export interface KeptBackup {
  readonly name: string
  readonly size: number
  readonly createdAt: Instant
  readonly encrypted: boolean
}

/** Only names like these are ever removed. */
const NAME = /^andon-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.tar\.zst(\.age)?$/
const LEFT_OVER = /^andon-\d{8}T\d{6}Z\.tar\.zst(\.age)?\.partial$/

/** The name of a backup: sorts by time. */
export const backupName = (at: Instant, encrypted: boolean): string =>
  `andon-${isoOf(at).replace(/[-:]/g, '').replace(/\..*/, 'Z')}.tar.zst${encrypted ? '.age' : ''}`

/** The backups of a folder, newest first. */
export function keptIn(dir: string): KeptBackup[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir)
    .sort()
    .reverse()
    .flatMap(name => {
      const [match, y, mo, d, h, mi, s, age] = NAME.exec(name) ?? []
      if (match === undefined) return []
      const createdAt = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`)
      return { name, createdAt, size: statSync(join(dir, name)).size, encrypted: age !== undefined }
    })
}

/** Removes all but the newest, and what a killed process left half written. Returns the names of those that are gone. */
export function prune(dir: string, keep: number): string[] {
  const old = keptIn(dir)
    .slice(keep)
    .map(({ name }) => name)
  const halves = existsSync(dir) ? readdirSync(dir).filter(name => LEFT_OVER.test(name)) : []
  for (const name of [...old, ...halves]) rmSync(join(dir, name), { force: true })
  return old
}
