import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { Sql } from '../../platform/database.ts'
import { callerOf } from './caller.ts'
import { checked } from './check.ts'
import type { Console } from './console.ts'
import type { HttpDeps } from './deps.ts'
import { PLAIN_PAGE } from './headers.ts'
import { landingPage, languageOf, problemsPage } from './html.ts'
import { openApiDocument } from './openapi.ts'
import { ApiProblem } from './problem.ts'

const LANGUAGE = z.looseObject({ lang: z.enum(['zh', 'en']).optional() })

/** Who asks whether we are ready is answered within so many milliseconds. */
const PATIENCE = 3000

/** @throws ApiProblem database_unavailable, also of a database that stands still and says nothing */
export async function heardFrom(db: Sql, patience: number): Promise<void> {
  const late = AbortSignal.timeout(patience)
  const silent = new Promise<never>((_, reject) => {
    const why = new ApiProblem('database_unavailable', 'The database said nothing in time: ask again in a moment.')
    late.addEventListener('abort', () => reject(why), { once: true })
  })
  await Promise.race([db.query('select 1'), silent])
}

/** What is not the API itself: its description, health, metrics, the table of problems, and what `/` shows. */
export function pages(app: FastifyInstance, deps: HttpDeps, console: Console | null): void {
  const { pipeline, db, metrics, version } = deps
  const document = JSON.stringify(openApiDocument(version))
  app.get('/', async (request, reply) =>
    console ? console.send(reply) : reply.headers(PLAIN_PAGE).send(landingPage(languageIn(request), version)),
  )
  app.get('/problems', async (request, reply) => reply.headers(PLAIN_PAGE).send(problemsPage(languageIn(request))))
  app.get('/openapi.json', async (_request, reply) => reply.type('application/json').send(document))
  app.get('/metrics', async (request, reply) => {
    await callerOf(deps, request, 'operations.read')
    return reply.type(metrics.contentType).send(await metrics.text())
  })
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async () => {
    await heardFrom(db, PATIENCE)
    const groups = pipeline.ownedGroups
    const rules = pipeline.references.rules.length
    if (groups === 0) throw new ApiProblem('not_ready', 'This process owns no bucket group yet: ask again in a moment.')
    if (rules === 0) throw new ApiProblem('not_ready', 'The rules are not loaded yet: ask again in a moment.')
    return { status: 'ok', groups, waiting: pipeline.depth, rulesVersion: pipeline.references.rules.at(-1)?.version }
  })
}

function languageIn(request: FastifyRequest): 'zh' | 'en' {
  const { lang } = checked(LANGUAGE, request.query, ['query'])
  return languageOf(lang, request.headers['accept-language'])
}
