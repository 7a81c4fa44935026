import * as z from 'zod'
import { NAME_KINDS } from '../names.ts'
import { named, route } from './route.ts'
import { label } from './shapes.ts'

export const nameRoutes = {
  listNames: route({
    method: 'GET',
    path: '/v1/names',
    right: 'signed_in',
    tag: 'Names',
    summary: 'What channels, warehouses, carriers, feeds, teams and tiers are called',
    description:
      'Orders and cases carry codes; these are the words for them, in both languages. A code that is not listed has no name: show it as it is. People are listed for whoever may see people (`user.read`). The list changes with a restart only.',
    replies: {
      200: {
        description: 'All of them',
        schema: named(
          'Names',
          z.strictObject({
            items: z.array(
              z.strictObject({
                kind: z.enum(NAME_KINDS),
                code: z.string().meta({ description: 'As orders and cases carry it; of a person without `user:`' }),
                name: label,
              }),
            ),
          }),
        ),
      },
    },
  }),
}
