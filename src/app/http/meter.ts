import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Metrics } from '../../platform/metrics.ts'

export interface RequestMeter {
  observe(request: FastifyRequest, reply: FastifyReply): void
  refused(code: string): void
}

/** Counts and times requests by route and status class, and problems by code; an address that is no route is `none`. */
export function requestMeter(metrics: Metrics): RequestMeter {
  const labels = ['route', 'status'] as const
  const requests = metrics.counter({ name: 'http_requests_total', help: 'Requests answered', labels })
  const seconds = metrics.histogram({ name: 'http_request_seconds', help: 'Time to the answer', labels: ['route'] })
  const problems = metrics.counter({ name: 'http_problems_total', help: 'Problems answered', labels: ['code'] })
  return {
    observe: (request, reply) => {
      const route = `${request.method} ${request.routeOptions.url ?? 'none'}`
      requests(1, { route, status: `${Math.floor(reply.statusCode / 100)}xx` })
      seconds(reply.elapsedTime / 1000, { route })
    },
    refused: code => problems(1, { code }),
  }
}
