import { isStage, STAGE_LABELS } from '../../../contract/stages.ts'
import { isoOf } from '../../../kernel/instant.ts'
import { type Baseline, FEWEST_SAMPLES } from '../../../modules/orders/index.ts'
import { readShapes, type Shapes, shapeKey } from '../../../pipeline/baselines.ts'
import { demandAll } from '../caller.ts'
import { LISTS } from '../cursor.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'
import { jobItem } from './jobs.ts'

const SHOWN = 100

export function baselineHandlers(deps: HttpDeps): Pick<Handlers, 'listBaselines' | 'learnBaselines'> {
  const { db, jobs, pipeline } = deps
  return {
    async listBaselines({ query: { version, node, limit, cursor } }, { principal }) {
      demandAll(principal)
      await pipeline.references.refresh(db)
      const known = pipeline.references.baselineVersions
      const asked = version === undefined ? known.at(-1) : known.find(v => v.version === version)
      const all = (asked?.baselines ?? []).filter(b => node === undefined || b.node === node)
      const from = LISTS.baselines.placeOf(cursor)?.[0] ?? 0
      const shapes = asked ? await readShapes(db, asked.version) : {}
      const next = from + limit < all.length ? LISTS.baselines.cursorOf([from + limit]) : null
      const items = all.slice(from, from + limit).map(b => baselineItem(b, shapes))
      const versions = known
        .slice(-SHOWN)
        .reverse()
        .map(v => ({ version: v.version, activeFrom: isoOf(v.activeFrom), lanes: v.baselines.length }))
      const told = { version: asked?.version ?? null, activeFrom: asked ? isoOf(asked.activeFrom) : null }
      return { status: 200, body: { ...told, fewest: FEWEST_SAMPLES, versions, items, next } }
    },
    async learnBaselines(_asked, { actor }) {
      if (jobs.runs('baselines'))
        throw new ApiProblem('job_running', 'They are being learned already: see GET /v1/jobs.')
      const job = await jobs.begin('baselines', { params: {}, actor })
      return { status: 202, body: jobItem(job), headers: { location: `/v1/jobs/${job.id}` } }
    },
  }
}

function baselineItem(b: Baseline, shapes: Shapes) {
  const label = isStage(b.node) ? { ...STAGE_LABELS[b.node] } : { zh: b.node, en: b.node }
  return { ...b, label, points: (shapes[shapeKey(b)] ?? []).map(([upTo, n]) => ({ upTo, n })) }
}
