import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Metrics } from '../../platform/metrics.ts'

/** Counts and times requests by route and status class; an address that is no route counts as `none`. */
export function requestMeter(metrics: Metrics): (request: FastifyRequest, reply: FastifyReply) => void {
  const labels = ['route', 'status'] as const
  const requests = metrics.counter({ name: 'http_requests_total', help: 'Requests answered', labels })
  const seconds = metrics.histogram({ name: 'http_request_seconds', help: 'Time to the answer', labels: ['route'] })
  return (request, reply) => {
    const route = `${request.method} ${request.routeOptions.url ?? 'none'}`
    requests(1, { route, status: `${Math.floor(reply.statusCode / 100)}xx` })
    seconds(reply.elapsedTime / 1000, { route })
  }
}
