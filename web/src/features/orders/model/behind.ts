import { isStage, type Stage } from '../../../../../src/contract/stages.ts'

/**
 * Filters with which numbers elsewhere lead to their orders; named as in the API, and taken as they come: who follows a
 * number sees the very rows that it counted.
 */
export interface Behind {
  /** Instants, ISO 8601; those ending in To are exclusive. */
  readonly placedFrom?: string
  readonly placedTo?: string
  readonly promiseFrom?: string
  readonly promiseTo?: string
  readonly deliveredFrom?: string
  readonly deliveredTo?: string
  readonly touched?: boolean
  readonly kept?: boolean
  readonly stage?: Stage
  readonly stageTo?: string
  readonly leftStage?: Stage
  readonly leftFrom?: string
  readonly leftTo?: string
  /** ms */
  readonly stayOver?: number
}

const TIMES = [
  'placedFrom',
  'placedTo',
  'promiseFrom',
  'promiseTo',
  'deliveredFrom',
  'deliveredTo',
  'stageTo',
  'leftFrom',
  'leftTo',
] as const

const YES: Readonly<Record<string, boolean>> = { true: true, false: false }

type Found = { readonly [K in keyof Behind]: Behind[K] | undefined }

/** Reads them from the search part of an address; what is not as it should be counts as not given. */
export function readBehind(search: Readonly<Record<string, unknown>>): Found {
  const time = (name: string): string | undefined => {
    const text = search[name]
    return typeof text === 'string' && !Number.isNaN(Date.parse(text)) ? text : undefined
  }
  const stage = (text: unknown): Stage | undefined => (typeof text === 'string' && isStage(text) ? text : undefined)
  const stay = Number(search.stayOver)
  return {
    ...Object.fromEntries(TIMES.map(name => [name, time(name)])),
    touched: YES[String(search.touched)],
    kept: YES[String(search.kept)],
    stage: stage(search.stage),
    leftStage: stage(search.leftStage),
    stayOver: search.stayOver !== undefined && Number.isInteger(stay) && stay >= 0 ? stay : undefined,
  }
}

/** What belongs to one chip, and goes together when the chip is taken off. */
export const GROUPS = {
  placed: ['placedFrom', 'placedTo'],
  promised: ['promiseFrom', 'promiseTo'],
  kept: ['kept'],
  delivered: ['deliveredFrom', 'deliveredTo'],
  touched: ['touched'],
  stage: ['stage', 'stageTo'],
  left: ['leftStage', 'leftFrom', 'leftTo', 'stayOver'],
} as const satisfies Readonly<Record<string, readonly (keyof Behind)[]>>
export type Group = keyof typeof GROUPS

export const groupsIn = (behind: Behind): readonly Group[] =>
  // Safe: the keys of a table that is written out above.
  (Object.keys(GROUPS) as Group[]).filter(group => GROUPS[group].some(name => behind[name] !== undefined))

/** Takes a group off. */
export const without = (group: Group): { readonly [K in keyof Behind]?: undefined } =>
  Object.fromEntries(GROUPS[group].map(name => [name, undefined]))

/** The query of the API for them. */
export function behindQuery({ stage, ...behind }: Behind) {
  const names = Object.values(GROUPS)
    .flat()
    .filter(name => name !== 'stage')
  const given: Omit<Behind, 'stage'> = Object.fromEntries(
    names.map(name => [name, behind[name]]).filter(([, value]) => value !== undefined),
  )
  return { ...given, ...(stage !== undefined && { stage: [stage] }) }
}
