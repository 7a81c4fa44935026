import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { About } from '../contract/api/index.ts'
import { VERSION } from './compose.ts'

const ROOT = resolve(import.meta.dirname, '../..')

interface LockEntry {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly link?: boolean
}

/** What is shipped: every package of the lock file that is not for development only, once for each version. */
export function shippedPackages(lock: string): About['packages'] {
  const { packages }: { packages: Readonly<Record<string, LockEntry>> } = JSON.parse(lock)
  const found = new Map<string, About['packages'][number]>()
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '' || entry.dev || entry.devOptional || entry.link) continue
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const version = entry.version ?? ''
    found.set(`${name} ${version}`, { name, version, licence: entry.license ?? '' })
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** @param database the version of PostgreSQL that is used */
export const aboutAndon = (database: string): About => ({
  version: VERSION,
  licence: 'Apache-2.0',
  runtime: `Node.js ${process.versions.node}`,
  platform: `${process.platform} ${process.arch}`,
  database: `PostgreSQL ${database}`,
  packages: shippedPackages(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')),
})
