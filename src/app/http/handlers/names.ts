import { permits } from '../../../contract/principal.ts'
import type { HttpDeps } from '../deps.ts'
import type { Handlers } from '../serve.ts'

export const nameHandlers = ({ names }: HttpDeps): Pick<Handlers, 'listNames'> => ({
  // People's names have a right of their own.
  async listNames(_asked, { principal }) {
    const told = permits(principal, 'user.read') ? names : names.filter(({ kind }) => kind !== 'person')
    return { status: 200, body: { items: told.map(item => ({ ...item, name: { ...item.name } })) } }
  },
})
