import type { HttpDeps } from '../deps.ts'
import type { Handlers } from '../serve.ts'

export const nameHandlers = ({ names }: HttpDeps): Pick<Handlers, 'listNames'> => ({
  listNames: async () => ({ status: 200, body: { items: names.map(item => ({ ...item, name: { ...item.name } })) } }),
})
