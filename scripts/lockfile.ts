import type { Problem } from './source.ts'

/**
 * What makes `npm ci` fail on a fresh clone although `npm install` was content: a package whose dependency the lock does not
 * hold (npm leaves out platform packages that the registry does not have yet). Also what would make it unsafe: an entry whose
 * content nobody can check, and addresses of one company's registry.
 * Expects a package-lock.json of version 3.
 */
export function lockProblems(lock: unknown): Problem[] {
  const packages = entriesOf(lock, 'packages')
  const held = new Set(packages.map(([path]) => path))
  return packages.flatMap(([path, entry]) => [
    ...dependenciesOf(entry)
      .filter(name => !isHeld(held, path, name))
      .map(name =>
        problem('lock-incomplete', `${path || 'the project'} needs ${name}; pin a release with all its parts`),
      ),
    ...(path === '' ? [] : sealProblems(path, new Set(entriesOf(entry, '').map(([key]) => key)))),
  ])
}

function sealProblems(path: string, fields: ReadonlySet<string>): Problem[] {
  const found: Problem[] = []
  if (fields.has('resolved')) found.push(problem('lock-names-a-host', `${path} has an address; .npmrc leaves them out`))
  if (!fields.has('integrity') && !fields.has('inBundle') && !fields.has('link'))
    found.push(problem('lock-unsealed', `${path} has no integrity; pin a release that the registry has`))
  return found
}

const problem = (code: string, message: string): Problem => ({ path: 'package-lock.json', line: 1, code, message })

function dependenciesOf(entry: unknown): string[] {
  const optionalPeers = new Set(entriesOf(entry, 'peerDependenciesMeta').map(([name]) => name))
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
  return kinds.flatMap(kind => entriesOf(entry, kind).map(([name]) => name)).filter(name => !optionalPeers.has(name))
}

// As Node looks packages up: beside the one that asks, then one level up, and so on.
function isHeld(held: ReadonlySet<string>, from: string, name: string): boolean {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
    if (held.has(`${place === '' ? '' : `${place}/`}node_modules/${name}`)) return true
    if (place === '') return false
  }
}

/** The entries of an object, or of the object at one of its keys. */
function entriesOf(value: unknown, key: string): [string, unknown][] {
  const found: unknown = key === '' ? value : isObject(value) ? Reflect.get(value, key) : undefined
  return isObject(found) ? Object.entries(found) : []
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
