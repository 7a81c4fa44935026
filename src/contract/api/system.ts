import * as z from 'zod'
import { named, route } from './route.ts'
import { at } from './shapes.ts'

const ms = (description: string) => z.int().meta({ description: `${description}, ms` })

const minute = z.strictObject({
  at: at().meta({ description: 'When the minute began' }),
  events: z.int().meta({ description: 'Events that came by HTTP' }),
  facts: z.int().meta({ description: 'Facts written to ledgers' }),
  cases: z.int().meta({ description: 'Cases opened' }),
  requests: z.int(),
  problems: z.int().meta({ description: 'Requests that were answered with a problem' }),
  steps: z.int(),
  stepMs: z.number().meta({ description: 'Mean duration of a step' }),
  requestMs: z.number().meta({ description: 'Mean time to an answer' }),
})
export type SystemMinute = z.output<typeof minute>

const system = named(
  'System',
  z.strictObject({
    node: z.string(),
    startedAt: at(),
    now: at().meta({ description: 'Real time; a practice world has another one' }),
    process: z.strictObject({
      memory: z.int().meta({ description: 'Resident bytes' }),
      cpu: z.number().meta({ description: 'Share of one processor over the last minute' }),
      eventLoop: ms('How late the event loop is, 99th percentile'),
    }),
    database: z.strictObject({
      version: z.string(),
      bytes: z.int(),
      connections: z.int().meta({ description: 'Open connections to this database, of all processes' }),
    }),
    pipeline: z.strictObject({
      waiting: z.int().meta({ description: 'Messages in the mailboxes, of all processes; counting stops at 10,000' }),
      groups: z.int().meta({ description: 'Bucket groups of this process' }),
      rulesVersion: z.int().nullable(),
      followers: z.array(
        z.strictObject({ name: z.string(), behind: z.int().meta({ description: 'Facts that it has not seen yet' }) }),
      ),
    }),
    outbox: z.strictObject({ waiting: z.int(), dead: z.int() }),
    quarantine: z.strictObject({ door: z.int(), step: z.int() }),
    unmatched: z.int(),
    minutes: z
      .array(minute)
      .meta({ description: 'Of this process since it was started, at most 60, the oldest first' }),
  }),
)
export type System = z.output<typeof system>

const about = named(
  'About',
  z.strictObject({
    version: z.string(),
    licence: z.string(),
    runtime: z.string(),
    platform: z.string(),
    database: z.string(),
    packages: z
      .array(z.strictObject({ name: z.string(), version: z.string(), licence: z.string() }))
      .meta({ description: 'What Andon is shipped with, by name' }),
  }),
)
export type About = z.output<typeof about>

export const systemRoutes = {
  getSystem: route({
    method: 'GET',
    path: '/v1/system',
    right: 'operations.read',
    tag: 'Operations',
    summary: 'How this process and its database are, at a glance',
    description: 'For people; monitoring reads `/metrics`.',
    replies: { 200: { description: 'As it is now', schema: system } },
  }),
  getAbout: route({
    method: 'GET',
    path: '/v1/about',
    right: 'signed_in',
    tag: 'Operations',
    summary: 'Which release this is, and what it is made of',
    replies: { 200: { description: 'The same for as long as the process runs', schema: about } },
  }),
}
