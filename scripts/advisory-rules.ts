/** What `npm audit` found, held against what was looked at and let through. */

/** An advisory that does not concern us, or that has no fix yet: who lets it through says why and until when. */
export interface Allowed {
  /** Such as `GHSA-xvch-5gv4-984h`. */
  readonly id: string
  readonly reason: string
  /** A day, such as `2027-01-31`: then somebody looks again. */
  readonly until: string
}

export interface Advisory {
  readonly id: string
  readonly name: string
  readonly severity: string
  readonly title: string
}

export interface Judgement {
  /** One sentence each; any of them fails the check. */
  readonly problems: readonly string[]
  readonly advisories: readonly Advisory[]
}

/** Known weaknesses below this are listed and let through. */
const SERIOUS = new Set(['moderate', 'high', 'critical'])

/** The advisories of a report of `npm audit --json`, each once; null when the text is no such report. */
export function advisoriesOf(report: unknown): Advisory[] | null {
  const found = new Map<string, Advisory>()
  const vulnerabilities = field(report, 'vulnerabilities')
  if (typeof vulnerabilities !== 'object' || vulnerabilities === null) return null
  for (const entry of Object.values(vulnerabilities)) {
    const via = field(entry, 'via')
    for (const cause of Array.isArray(via) ? via : []) {
      // A text names another package of this report, which has the advisory itself.
      if (typeof cause !== 'object' || cause === null) continue
      const url = text(field(cause, 'url'))
      const id = /GHSA(-[\w]{4}){3}/.exec(url)?.[0] ?? (url || text(field(cause, 'source')))
      const [name, severity, title] = ['name', 'severity', 'title'].map(key => text(field(cause, key)))
      found.set(id, { id, name: name ?? '', severity: severity ?? '', title: title ?? '' })
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** @param today such as `2026-11-22` */
export function judge(advisories: readonly Advisory[], allowed: readonly Allowed[], today: string): Judgement {
  const known = new Map(allowed.map(entry => [entry.id, entry]))
  const problems = advisories
    .filter(advisory => SERIOUS.has(advisory.severity))
    .flatMap(({ id, name, severity, title }) => {
      const entry = known.get(id)
      if (entry && entry.until >= today) return []
      const why = entry
        ? `it was let through until ${entry.until}: look again`
        : 'update it, or let it through with a reason'
      return [`${name}: ${title} (${severity}, ${id}): ${why}`]
    })
  const present = new Set(advisories.map(a => a.id))
  const stale = allowed
    .filter(entry => !present.has(entry.id))
    .map(entry => `${entry.id} is let through and concerns nothing any more: remove it`)
  return { problems: [...problems, ...stale], advisories }
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
