import type { RetentionItem } from '../../../contract/api/index.ts'
import { RETAINED, RETENTION, type Retained } from '../../../contract/retention.ts'
import { type ChangedRetention, changeRetention, keptOf, readRetention } from '../../../pipeline/retention.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { isoOrNull } from './orders.ts'

export function retentionHandlers(deps: HttpDeps): Pick<Handlers, 'listRetention' | 'changeRetention'> {
  const { db, audit } = deps
  return {
    async listRetention() {
      const changed = await readRetention(db)
      return { status: 200, body: { items: RETAINED.map(kind => retentionItem(kind, changed)) } }
    },
    async changeRetention({ params: { kind }, body: { days, reason } }, { who }) {
      const { least, most } = RETENTION[kind]
      const fits = days === null ? most === null : days >= least && (most === null || days <= most)
      if (!fits) throw outOfRange(least, most)
      const before = await readRetention(db)
      const to = { kind, days, actor: who.actor, at: deps.now() }
      await db.transaction(async tx => {
        await changeRetention(tx, to)
        await audit.recordIn(tx, who, {
          ...{ verb: 'retention.change', subject: { kind: 'retention', id: kind } },
          before: { days: keptOf(before)[kind] },
          after: { days, ...(reason !== undefined && { reason }) },
        })
      })
      return { status: 200, body: retentionItem(kind, [...before.filter(c => c.kind !== kind), to]) }
    },
  }
}

function outOfRange(least: number, most: number | null): ApiProblem {
  const bounds = most === null ? `${least} days or more, or null for ever` : `${least} to ${most} days`
  const zh = most === null ? `至少保留 ${least} 天，或永久保留` : `保留天数须在 ${least} 到 ${most} 之间`
  return new ApiProblem('retention_out_of_range', `Give ${bounds}.`, { more: { least, most, sentence: { zh } } })
}

function retentionItem(kind: Retained, changed: readonly ChangedRetention[]): RetentionItem {
  const { name, about, usual, least, most } = RETENTION[kind]
  const own = changed.find(c => c.kind === kind)
  return {
    ...{ kind, name: { ...name }, about: { ...about }, days: keptOf(changed)[kind], usual, least, most },
    changedAt: isoOrNull(own?.at),
    changedBy: own?.actor ?? null,
  }
}
