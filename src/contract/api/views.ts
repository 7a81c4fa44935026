import * as z from 'zod'
import { named, route } from './route.ts'
import { at } from './shapes.ts'

/** Lists that can be filtered and kept. */
export const VIEW_PAGES = ['cases', 'orders'] as const

const query = z
  .record(z.string().min(1).max(40), z.string().max(400))
  .refine(q => Object.keys(q).length <= 40, 'at most 40 parameters')
  .meta({ description: 'Parameters of the address of the page: filter, sorting, columns' })
const name = z.string().trim().min(1).max(60)

const view = named(
  'SavedView',
  z.strictObject({
    id: z.string(),
    page: z.enum(VIEW_PAGES),
    name: z.string(),
    query: z.record(z.string(), z.string()),
    shared: z.boolean(),
    owner: z.string(),
    mine: z.boolean().meta({ description: 'The caller may change it' }),
    place: z.int(),
    version: z.int(),
    updatedAt: at(),
  }),
)
export type SavedView = z.output<typeof view>

const params = z.strictObject({ id: z.string().min(1).max(100) })

export const viewRoutes = {
  listViews: route({
    method: 'GET',
    path: '/v1/views',
    right: 'signed_in',
    tag: 'Views',
    summary: 'Saved views: your own, and those that are shared with everybody',
    query: z.strictObject({ page: z.enum(VIEW_PAGES).optional() }),
    replies: {
      200: {
        description: 'All of them, in their order',
        schema: named('SavedViews', z.strictObject({ items: z.array(view) })),
      },
    },
  }),
  saveView: route({
    method: 'POST',
    path: '/v1/views',
    right: 'view.save',
    audit: 'view.save',
    tag: 'Views',
    summary: 'Keep a filter under a name',
    description: 'Shared views need the right `view.share`. Nobody has more than 100.',
    body: z.strictObject({ page: z.enum(VIEW_PAGES), name, query, shared: z.boolean().default(false) }),
    example: { page: 'cases', name: '今天到期', query: { state: 'active', sort: 'due' }, shared: false },
    replies: { 201: { description: 'Kept', schema: view } },
    problems: [
      'invalid_json',
      'invalid_encoding',
      'unsupported_media_type',
      'payload_too_large',
      'too_many_views',
      'not_allowed',
    ],
  }),
  changeView: route({
    method: 'POST',
    path: '/v1/views/{id}',
    right: 'view.save',
    audit: 'view.change',
    tag: 'Views',
    summary: 'Change a view of your own, or a shared one with the right `view.share`',
    params,
    body: z.strictObject({
      version: z
        .int()
        .meta({ description: 'Of the view as you know it: what somebody else changed meanwhile is kept' }),
      name: name.optional(),
      query: query.optional(),
      shared: z.boolean().optional(),
      place: z.int().min(0).max(10_000).optional(),
    }),
    example: { version: 1, name: '华东物流' },
    replies: { 200: { description: 'As it is now', schema: view } },
    problems: [
      ...(['invalid_json', 'invalid_encoding', 'unsupported_media_type', 'payload_too_large'] as const),
      ...(['view_not_found', 'view_changed', 'not_allowed'] as const),
    ],
  }),
  removeView: route({
    method: 'POST',
    path: '/v1/views/{id}/remove',
    right: 'view.save',
    audit: 'view.remove',
    tag: 'Views',
    summary: 'Remove a view',
    params,
    replies: { 204: { description: 'It is gone' } },
    problems: ['view_not_found', 'not_allowed'],
  }),
}
