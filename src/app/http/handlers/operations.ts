import type { FeedItem, QuarantineItem, UnmatchedItem } from '../../../contract/api/index.ts'
import type { AuditWho } from '../../../contract/audit.ts'
import { isoOf } from '../../../kernel/instant.ts'
import { type Beat, gapAt, isLearned, keepsUntilOf } from '../../../modules/channels/index.ts'
import {
  countQuarantine,
  countUnmatched,
  isQuarantineInReach,
  listFeeds,
  listQuarantine,
  listUnmatched,
  type UnmatchedRow,
} from '../../../pipeline/queries/operations.ts'
import { reachOf } from '../../../pipeline/queries/scope.ts'
import type { QuarantineTable } from '../../../pipeline/queries/tables.ts'
import { replayQuarantined } from '../../../pipeline/replay.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { type Heard, type HeardFeeds, lagOf } from '../heard.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { loadsOf } from './order.ts'
import { isoOrNull, totalOf } from './orders.ts'

type Operation = 'listQuarantine' | 'replayQuarantined' | 'listUnmatched' | 'listFeeds'

/** @param heard when this process last heard of each feed */
export function operationHandlers(deps: HttpDeps, heard: HeardFeeds): Pick<Handlers, Operation> {
  const { db } = deps
  return {
    async listQuarantine({ query: { limit, cursor, order, ...same } }, { principal }) {
      const filter = { ...same, stream: order, reach: reachOf(principal, 'quarantine.read') }
      const place = LISTS.quarantine.placeOf(cursor)
      const after = place && { at: place[0], id: place[1] }
      const { rows, next } = await listQuarantine(db, filter, { limit, after })
      const total = after === null ? { total: totalOf(await countQuarantine(db, filter)) } : {}
      const body = { items: rows.map(quarantineItem), next: LISTS.quarantine.cursorOf(next && [next.at, next.id]) }
      return { status: 200, body: { ...body, ...total } }
    },
    async replayQuarantined({ params: { id } }, { principal, who }) {
      if (!(await isQuarantineInReach(db, id, reachOf(principal, 'quarantine.replay')))) throw notThere(id)
      return { status: 200, body: await replay(deps, id, who) }
    },
    async listUnmatched({ query: { limit, cursor } }, { principal }) {
      const reach = reachOf(principal, 'quarantine.read')
      const after = LISTS.unmatched.placeOf(cursor)?.[0] ?? ''
      const { rows, next } = await listUnmatched(db, { limit, after, reach })
      const total = after === '' ? { total: totalOf(await countUnmatched(db, reach)) } : {}
      return {
        status: 200,
        body: {
          items: rows.map(unmatchedItem),
          next: LISTS.unmatched.cursorOf(next === null ? null : [next]),
          ...total,
        },
      }
    },
    async listFeeds() {
      return { status: 200, body: { items: await feedItems(deps, heard) } }
    },
  }
}

export async function feedItems(deps: HttpDeps, heard: HeardFeeds): Promise<FeedItem[]> {
  const feeds = await listFeeds(deps.db, loadsOf(deps), [...heard.keys()])
  return feeds.map(({ lastOrderAt, beat, keptBack, ...feed }) => ({
    ...feed,
    rhythm: beat && rhythmItem(beat, keptBack),
    ...heardOf(heard.get(feed.name)),
    lastOrderAt: isoOrNull(lastOrderAt),
  }))
}

function rhythmItem(beat: Beat, keptBack: number) {
  const { heardAt, rhythm, dueAt, silentSince, types } = beat
  return {
    ...{ heardAt: isoOf(heardAt), beats: rhythm.gaps + 1, usual: gapAt(rhythm, 0.5), slow: gapAt(rhythm, 0.99) },
    ...{ learned: isLearned(rhythm, heardAt), silentAt: isoOrNull(dueAt), silentSince: isoOrNull(silentSince) },
    ...{ keepsUntil: isoOrNull(keepsUntilOf(beat)), keptBack, types: [...types] },
  }
}

const heardOf = (heard: Heard | undefined) => ({
  lastHeardAt: isoOrNull(heard?.at),
  lag: heard === undefined ? null : lagOf(heard),
})

const notThere = (id: string): ApiProblem =>
  new ApiProblem('quarantine_not_found', `There is no quarantined row ${id}.`)

async function replay(deps: HttpDeps, id: string, who: AuditWho): Promise<QuarantineItem> {
  const { db, sealer, pipeline, audit } = deps
  const result = await replayQuarantined(
    {
      ...{ db, sealer, now: () => deps.now() },
      ingest: events => pipeline.ingest(events),
      offer: packs => pipeline.offer(packs),
      told: (tx, { stage, code, type }) =>
        audit.recordIn(tx, who, {
          ...{ verb: 'quarantine.replay', subject: { kind: 'quarantine', id }, after: { stage, code, type } },
        }),
    },
    id,
  )
  if (result.outcome === 'replayed') return quarantineItem(result.row)
  if (result.outcome === 'missing') throw notThere(id)
  if (result.outcome === 'impossible') throw new ApiProblem('not_replayable', `It cannot be replayed: ${result.why}.`)
  throw new ApiProblem('still_refused', `It was refused again: ${result.why}.`, { errors: result.problems })
}

function quarantineItem(row: QuarantineTable): QuarantineItem {
  const kept: { readonly whole?: boolean; readonly what?: string } = JSON.parse(row.row)
  const possible = row.stage === 'door' ? kept.whole === true : kept.what !== undefined
  return {
    id: row.id,
    stage: row.stage === 'door' ? 'door' : 'step',
    source: row.source,
    type: row.type,
    order: row.stream,
    code: row.code,
    error: JSON.parse(row.error),
    at: isoOf(row.at),
    status: row.status === 'replayed' ? 'replayed' : 'open',
    replayable: possible && row.status === 'open',
  }
}

const unmatchedItem = (row: UnmatchedRow): UnmatchedItem => ({
  id: row.id,
  feed: row.feed,
  type: row.type,
  keys: JSON.parse(row.keys),
  occurredAt: isoOf(row.occurred_at),
  recordedAt: isoOf(row.recorded_at),
  until: isoOf(row.until),
})
