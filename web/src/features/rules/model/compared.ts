interface Versions {
  readonly live: number | null
  /** The newest first. */
  readonly versions: readonly { readonly version: number }[]
}

/** Which two versions are compared: what would change for the live one; when that is the newest, what it changed. */
export function comparedOf(
  { live, versions }: Versions,
  asked: { readonly from?: number; readonly to?: number },
): { from: number; to: number } {
  const to = asked.to ?? versions[0]?.version ?? 1
  if (asked.from !== undefined) return { from: asked.from, to }
  if (live !== null && live !== to) return { from: live, to }
  return { from: versions.find(v => v.version < to)?.version ?? to, to }
}
