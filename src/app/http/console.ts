import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { consolePage } from './headers.ts'

/** The built console as this server hands it out; its addresses are its own affair, beside those of the API. */
export interface Console {
  /** Is this request for a page of the console? */
  owns(request: FastifyRequest): boolean
  send(reply: FastifyReply): FastifyReply
}

const YEAR = 365 * 24 * 3600 * 1000
// Addresses of the API and of what stands beside it: nothing there ever answers with a page of the console.
const NOT_OURS = /^\/(v1|openapi\.json|metrics|healthz|readyz|problems|assets)(\/|$)/

/** Serves the console from the folder that the build made; null when there is none. */
export function serveConsole(app: FastifyInstance, folder: string | undefined): Console | null {
  const index = folder === undefined ? '' : join(folder, 'index.html')
  if (folder === undefined || !existsSync(index)) return null
  const page = readFileSync(index, 'utf8')
  // Names carry a hash of what is in them, so they never change.
  app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    index: false,
    maxAge: YEAR,
    immutable: true,
    decorateReply: false,
    setHeaders: reply => void reply.header('vary', 'accept-encoding'),
  })
  app.get('/lamp.svg', async (_request, reply) =>
    reply
      .type('image/svg+xml')
      .header('cache-control', 'max-age=86400')
      .send(readFileSync(join(folder, 'lamp.svg'))),
  )
  return {
    owns: request => isPage(request),
    send: reply => {
      const { headers, html } = consolePage(page)
      return reply
        .code(200)
        .headers({ ...headers, 'cache-control': 'no-cache' })
        .send(html)
    },
  }
}

/** Somebody's browser asks for an address that only the console knows: a link to a case, say. */
function isPage({ method, url, headers }: FastifyRequest): boolean {
  const path = url.split('?')[0] ?? ''
  const asksForPage = /text\/html/.test(headers.accept ?? '')
  return /^(GET|HEAD)$/.test(method) && asksForPage && !NOT_OURS.test(path) && !/\.[a-z0-9]{2,5}$/i.test(path)
}
