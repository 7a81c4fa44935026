import type { Problem } from './source.ts'

// Permissive: may be part of a work under Apache-2.0 with no duty beyond keeping their notices.
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'Zlib',
])
// For tools and data that never ship with Andon.
const TOOLS_ONLY = new Set(['CC-BY-4.0', 'MPL-2.0'])
// For fonts: may be bundled with any software under its own notice.
const FONT = 'OFL-1.1'
const isFont = (path: string): boolean => path.startsWith('node_modules/@fontsource')

/** Does an SPDX expression (`MIT`, `(MIT OR GPL-3.0-only)`, `MIT AND Zlib`) leave us a choice that fits? */
export function fits(expression: string, isTool: boolean): boolean {
  const bare = expression.trim().replace(/^\(([^()]*)\)$/, '$1')
  if (/[()]/.test(bare)) return false
  return bare
    .split(/\s+OR\s+/)
    .some(choice => choice.split(/\s+AND\s+/).every(one => PERMISSIVE.has(one) || (isTool && TOOLS_ONLY.has(one))))
}

/**
 * Checks every package of a package-lock.json (version 3). `manifestAt` gives a package's own package.json for those
 * whose licence the lock does not hold, or null.
 */
export function unfitLicences(
  lock: unknown,
  manifestAt: (path: string) => unknown,
): { problems: Problem[]; checked: number } {
  const packages = Object.entries(recordAt(lock, 'packages')).filter(([path]) => path !== '')
  if (packages.length === 0) throw new Error('package-lock.json lists no packages')
  const problems = packages.flatMap(([path, entry]) => {
    const licence = licenceOf(entry) ?? licenceOf(manifestAt(path))
    const isTool = valueAt(entry, 'dev') === true
    if (licence !== null && (fits(licence, isTool) || (licence === FONT && isFont(path)))) return []
    return [
      { path, line: 1, code: 'licence-unfit', message: `${licence ?? 'no licence stated'}; take another package` },
    ]
  })
  return { problems, checked: packages.length }
}

const valueAt = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined

function recordAt(value: unknown, key: string): Record<string, unknown> {
  const found = valueAt(value, key)
  return typeof found === 'object' && found !== null ? Object.fromEntries(Object.entries(found)) : {}
}

function licenceOf(manifest: unknown): string | null {
  const licence = valueAt(manifest, 'license')
  if (typeof licence === 'string') return licence
  const named = valueAt(licence, 'type')
  return typeof named === 'string' ? named : null
}
