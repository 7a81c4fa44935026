import * as z from 'zod'
import {
  INCIDENT_MINUTES,
  MAX_PRACTICE_SPEED,
  PRACTICE_INCIDENTS,
  PRACTICE_PLACES,
  type PracticeIncident,
  type PracticePlace,
} from '../practice.ts'
import { named, route } from './route.ts'
import { at, when } from './shapes.ts'

// Safe: both tables are literals, so that they have no other keys than their type says.
const keysOf = <K extends string>(of: { readonly [key in K]: unknown }): K[] => Object.keys(of) as K[]
const kind = z.enum(keysOf<PracticeIncident>(PRACTICE_INCIDENTS))
const place = z.enum(keysOf<PracticePlace>(PRACTICE_PLACES))

const incident = named(
  'PracticeIncident',
  z.strictObject({
    id: z.string(),
    kind,
    target: place,
    from: at(),
    until: at(),
    by: z.string().meta({ description: 'Who brought it about; `shop` when it happened by itself' }),
  }),
)
export type PracticeIncidentItem = z.output<typeof incident>

const change = z.strictObject({
  at: at().meta({ description: 'Time of the world' }),
  realAt: at(),
  speed: z.number().meta({ description: 'From then on; 0 is paused' }),
  by: z.string(),
})

const shop = named(
  'PracticeShop',
  z.strictObject({
    now: at().meta({ description: 'Time of the world' }),
    phase: z.enum(['history', 'running', 'stopped']).meta({
      description: '`history`: what came before the opening is being played; `stopped`: the shop does not speak',
    }),
    opensAt: at(),
    startsAt: at().meta({ description: 'When its history begins' }),
    speed: z.number(),
    paused: z.boolean(),
    behind: z.boolean().meta({ description: 'The machine cannot keep up with the speed, and the world waits for it' }),
    seed: z.int(),
    staff: z.enum(['team', 'me']).meta({ description: 'Who works: the practice team on its share, or only you' }),
    incidents: z.array(incident).meta({ description: 'The newest first, at most 100' }),
    changes: z.array(change).meta({ description: 'Changes of the speed, the newest first, at most 100' }),
    revision: z.int().meta({ description: 'Counts every change of the above but the time' }),
  }),
)
export type PracticeShop = z.output<typeof shop>

const practice = named(
  'Practice',
  z.strictObject({
    world: z.enum(['live', 'practice']),
    offered: z.boolean().meta({ description: 'A practice world can be started from here' }),
    url: z
      .string()
      .nullable()
      .meta({ description: 'Where to come into the practice world that was started from here, or after a reset' }),
    shop: shop.nullable().meta({ description: 'Only in a practice world' }),
  }),
)
export type Practice = z.output<typeof practice>

const ok = { 200: { description: 'As it is now', schema: practice } }
const HERE = ['not_a_practice_world'] as const
const BODY = ['invalid_json', 'invalid_encoding', 'unsupported_media_type', 'payload_too_large'] as const

export const practiceRoutes = {
  getPractice: route({
    method: 'GET',
    path: '/v1/practice',
    right: 'signed_in',
    tag: 'Practice',
    summary: 'The practice shop, or whether one can be started from here',
    replies: ok,
  }),
  startPractice: route({
    method: 'POST',
    path: '/v1/practice/start',
    right: 'practice.run',
    audit: 'practice.start',
    tag: 'Practice',
    summary: 'Start a practice world beside this one',
    description:
      'From a live world that has no orders yet: starts a second Andon on another port, with data of its own, and answers with its address. It stops with this one.',
    body: z.strictObject({ seed: z.int().min(0).max(2_147_483_647).optional() }),
    example: {},
    replies: ok,
    problems: [...BODY, 'practice_not_offered', 'practice_not_started'],
  }),
  setPractice: route({
    method: 'POST',
    path: '/v1/practice',
    right: 'practice.run',
    audit: 'practice.set',
    tag: 'Practice',
    summary: 'Change the speed, pause, or say who works',
    body: z.strictObject({
      speed: z.number().min(1).max(MAX_PRACTICE_SPEED).optional(),
      paused: z.boolean().optional(),
      staff: z.enum(['team', 'me']).optional(),
    }),
    example: { speed: 60 },
    replies: ok,
    problems: [...BODY, ...HERE],
  }),
  triggerIncident: route({
    method: 'POST',
    path: '/v1/practice/incidents',
    right: 'practice.run',
    audit: 'practice.trigger',
    tag: 'Practice',
    summary: 'Let something go wrong',
    body: z.strictObject({
      kind,
      target: place.optional(),
      minutes: z.int().min(INCIDENT_MINUTES.least).max(INCIDENT_MINUTES.most).optional(),
    }),
    example: { kind: 'warehouse_strike', target: 'jiaxing' },
    replies: ok,
    problems: [...BODY, ...HERE, 'incident_elsewhere', 'too_many_incidents'],
  }),
  endIncident: route({
    method: 'POST',
    path: '/v1/practice/incidents/{id}/end',
    right: 'practice.run',
    audit: 'practice.end',
    tag: 'Practice',
    summary: 'End what goes wrong',
    params: z.strictObject({ id: z.string().min(1).max(60) }),
    replies: ok,
    problems: [...HERE, 'incident_not_found'],
  }),
  resetPractice: route({
    method: 'POST',
    path: '/v1/practice/reset',
    right: 'practice.run',
    audit: 'practice.reset',
    tag: 'Practice',
    summary: 'Throw this world away and begin another one',
    description: 'All its data is deleted. The server is back at the same address after some seconds.',
    body: z.strictObject({ seed: z.int().min(0).max(2_147_483_647).optional() }),
    example: { seed: 7 },
    replies: { 202: { description: 'It will be gone in a moment', schema: practice } },
    problems: [...BODY, ...HERE],
  }),
  advancePractice: route({
    method: 'POST',
    path: '/v1/practice/clock',
    right: 'practice.run',
    tag: 'Practice',
    summary: 'For the shop: nothing more is said before this instant',
    description: [
      'Conservative time, as simulations of several parts keep it: the clock of the world never passes what the shop',
      'allowed. Answers when the clock got there, when something of the state changed since `revision`, or after 20',
      'seconds. With `settled`, after all that was sent took effect.',
    ].join(' '),
    body: z.strictObject({ until: when(), revision: z.int().optional(), settled: z.boolean().optional() }),
    example: { until: '2026-11-21T08:00:00Z' },
    replies: ok,
    problems: [...BODY, ...HERE],
  }),
}
