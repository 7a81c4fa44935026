// Completes package-lock.json after `npm install` behind a registry mirror: such a mirror may lack the optional packages
// of other platforms, npm then leaves them out of the lock file, and `npm ci` refuses that file everywhere. Their versions
// are exact in the package that wants them, so the entries can be written without the registry.
//   node scripts/complete-lock.mjs           writes what is missing
//   node scripts/complete-lock.mjs --check   says what is missing, exit code 1
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json')
const OS = [
  'android',
  'darwin',
  'linux',
  'win32',
  'windows',
  'freebsd',
  'openbsd',
  'netbsd',
  'sunos',
  'aix',
  'openharmony',
]
const CPU = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32']

/** An entry as npm writes it. The name says for which machine the package is (`cli-linux-arm64-musl`); npm skips it elsewhere. */
function entryOf(name, version, dev) {
  const words = name.split('/').pop().split('-')
  const os = OS.find(word => words.includes(word))
  const cpu = CPU.find(word => words.includes(word))
  return {
    version,
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(dev ? { dev: true } : {}),
    ...(words.includes('musl') ? { libc: ['musl'] } : {}),
    optional: true,
    ...(os ? { os: [os === 'windows' ? 'win32' : os] } : {}),
  }
}

function missingEntries(packages) {
  const missing = {}
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const at = `node_modules/${name}`
      if (packages[at] || packages[`${path}/${at}`] || !/^\d+\.\d+\.\d+[\w.-]*$/.test(version)) continue
      missing[at] = entryOf(name, version, entry.dev)
    }
  }
  return missing
}

const lock = JSON.parse(readFileSync(file, 'utf8'))
const missing = missingEntries(lock.packages)
const names = Object.keys(missing)
if (process.argv.includes('--check')) {
  for (const name of names)
    console.error(`${name} is missing from package-lock.json: run "node scripts/complete-lock.mjs".`)
  process.exitCode = names.length === 0 ? 0 : 1
} else if (names.length > 0) {
  const all = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(all) }, null, 2)}\n`)
  console.log(`${names.length} entries added to package-lock.json`)
}
