import type { FastifyInstance } from 'fastify'
import type { HttpDeps } from './deps.ts'

/** What is not JSON of the API: health, metrics, the landing page. */
export function pages(app: FastifyInstance, deps: HttpDeps): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/metrics', async (_request, reply) => reply.type(deps.metrics.contentType).send(await deps.metrics.text()))
}
