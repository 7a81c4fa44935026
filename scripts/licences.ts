/** Fails when a package's licence does not fit Apache-2.0, or when the lock is not whole: `node scripts/licences.ts`. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unfitLicences } from './licence-rules.ts'
import { lockProblems } from './lockfile.ts'
import { report } from './source.ts'

const root = process.cwd()
const lock: unknown = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
const ownManifest = (path: string): unknown => {
  const file = join(root, path, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}
const { problems, checked } = unfitLicences(lock, ownManifest)
if (!report([...lockProblems(lock), ...problems])) process.exitCode = 1
else console.log(`${checked} packages, all with a licence that fits Apache-2.0`)
