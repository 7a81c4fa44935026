/** What an edit began with: colleagues may save meanwhile, and the lock must still be asked about what was seen. */
export interface Base<T> {
  /** Null: nothing was saved yet. */
  readonly version: number | null
  readonly text: T
  /** Hash of the version that was the newest then. */
  readonly seen: string | null
}

interface Saved<T> {
  readonly version: number
  readonly text: T
  readonly hash: string
}

export interface Stand<T, V extends Saved<T> = Saved<T>> {
  /** The newest first. */
  readonly versions: readonly V[]
  /** The version that the address names; the newest when left out. */
  readonly asked: number | undefined
  /** What is edited before anything was saved. */
  readonly starter: T
}

export function baseOf<T>({ versions, asked, starter }: Stand<T>): Base<T> {
  const shown = versions.find(v => v.version === asked) ?? versions[0]
  return { version: shown?.version ?? null, text: shown?.text ?? starter, seen: versions[0]?.hash ?? null }
}

export const differs = <T>(a: T, b: T): boolean => a !== b && JSON.stringify(a) !== JSON.stringify(b)

/** What is edited now: what stands on the server, unless somebody has begun to write. The same base when it stays. */
export function baseAfter<T>(base: Base<T>, stand: Stand<T>, changed: boolean): Base<T> {
  const fresh = baseOf(stand)
  const elsewhere = stand.asked !== undefined && stand.asked !== base.version && fresh.version !== base.version
  if (changed && !elsewhere) return base
  const sameText = !differs(base.text, fresh.text)
  if (sameText && base.version === fresh.version && base.seen === fresh.seen) return base
  // The same text stays the same object: rows that are still empty stand in no text, and would be lost.
  return sameText ? { ...fresh, text: base.text } : fresh
}

/** What somebody else saved since the edit began. */
export function savedMeanwhile<T, V extends Saved<T>>(base: Base<T>, versions: readonly V[]): V | null {
  const newest = versions[0]
  return newest === undefined || newest.hash === base.seen ? null : newest
}

/** What was written here is meant to stand on top of what somebody else saved meanwhile. */
export const onTopOf = <T>(base: Base<T>, { hash }: { readonly hash: string }): Base<T> => ({ ...base, seen: hash })

interface Place {
  readonly pathname: string
  readonly search: object
}

/** Whether a step to another address leaves what is edited; another region of the same version does not. */
export function leaves(from: Place, to: Place, version: number | null): boolean {
  if (from.pathname !== to.pathname) return true
  const asked = 'version' in to.search ? to.search.version : undefined
  return asked !== undefined && asked !== version
}
