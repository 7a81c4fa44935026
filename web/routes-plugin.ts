import type { Plugin } from 'vite'
import { routes } from '../src/contract/api/index.ts'

const NAME = 'virtual:routes'

/** Gives the console the method and path of every operation, so that it ships without the schemas and their library. */
export function routesPlugin(): Plugin {
  const paths = Object.fromEntries(Object.entries(routes).map(([id, route]) => [id, `${route.method} ${route.path}`]))
  return {
    name: 'andon-routes',
    resolveId: id => (id === NAME ? `\0${NAME}` : null),
    load: id => (id === `\0${NAME}` ? `export const paths = ${JSON.stringify(paths)}` : null),
  }
}
