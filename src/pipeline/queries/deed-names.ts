import { kindOfStream } from '../../contract/identity.ts'
import { keysCalled, listPeople, namesOfKeys, namesOfPeople } from '../../modules/access/index.ts'
import type { Sql } from '../../platform/database.ts'
import type { AuditSubject, Deed } from './audit.ts'
import { build, run } from './build.ts'
import { caseRow } from './cases.ts'
import { isOneOf, streamsOfNumber } from './find.ts'

/** What people call those that entries of the trail tell of; who has no name here is shown by the id. */
export interface DeedNames {
  readonly people: ReadonlyMap<string, string>
  readonly keys: ReadonlyMap<string, string>
  /** Numbers of orders by their stream. */
  readonly orders: ReadonlyMap<string, string>
}

/** What the asker may be told of people. */
export interface MayName {
  readonly people: boolean
  readonly mails: boolean
}

const MOST = 50

/** The names for one page of entries. */
export async function namesOf(sql: Sql, deeds: readonly Deed[], may: MayName): Promise<DeedNames> {
  const actors = deeds.flatMap(({ row }) => [row.actor, row.behalf ?? ''])
  const subjects = deeds.map(subjectOf)
  const ids = (kind: string): string[] => subjects.flatMap(s => (s?.kind === kind ? [s.id] : []))
  const handles = (prefix: string, kind: string): string[] => [
    ...new Set([...actors.filter(a => a.startsWith(prefix)).map(a => a.slice(prefix.length)), ...ids(kind)]),
  ]
  return {
    people: may.people ? await namesOfPeople(sql, handles('user:', 'person')) : new Map(),
    keys: await namesOfKeys(sql, handles('key:', 'api_key')),
    orders: await numbersOf(sql, [...new Set(ids('order'))]),
  }
}

export const nameOfActor = ({ people, keys }: DeedNames, actor: string | null): string | null => {
  const [kind, handle = ''] = actor?.split(':') ?? []
  return (kind === 'user' ? people.get(handle) : kind === 'key' ? keys.get(handle) : undefined) ?? null
}

export function nameOfSubject({ people, keys, orders }: DeedNames, subject: AuditSubject | null): string | null {
  if (subject === null) return null
  const known = { person: people, api_key: keys, order: orders }[subject.kind]
  return known?.get(subject.id) ?? null
}

export const subjectOf = (deed: Deed): AuditSubject | null => {
  if (deed.source === 'ledger') return { kind: 'order', id: deed.row.stream }
  const { subject_kind: kind, subject_id: id } = deed.row
  return kind === null ? null : { kind, id: id ?? '' }
}

async function numbersOf(sql: Sql, streams: readonly string[]): Promise<Map<string, string>> {
  const known = streams.filter(stream => kindOfStream(stream) === 'order')
  if (known.length === 0) return new Map()
  const query = build.selectFrom('order_row as o').select(['o.stream', 'o.order_no']).where(isOneOf(known))
  return new Map((await run(sql, query)).map(row => [row.stream, row.order_no]))
}

/** Whom and what a text means, besides standing in an entry: part of a name, a mail address, the number of an order. */
export interface Meant {
  readonly actors: readonly string[]
  readonly subjects: readonly AuditSubject[]
}

export async function meaningOf(sql: Sql, text: string, may: MayName): Promise<Meant> {
  const page = { after: '', limit: MOST }
  const people = may.people ? await listPeople(sql, { q: text, byMail: may.mails }, page) : []
  const handles = people.slice(0, MOST).map(person => person.handle)
  const keys = await keysCalled(sql, text, MOST)
  const streams = [...(await streamsOfNumber(sql, text)), ...(await streamOfCase(sql, text))]
  return {
    actors: [...handles.map(handle => `user:${handle}`), ...keys.map(handle => `key:${handle}`)],
    subjects: [
      ...handles.map(id => ({ kind: 'person', id })),
      ...keys.map(id => ({ kind: 'api_key', id })),
      ...streams.map(id => ({ kind: 'order', id })),
    ],
  }
}

const CASE = /^c-[0-9a-hjkmnp-tv-z]{26}$/

/** What is done about a case stands in the ledger of its order. */
async function streamOfCase(sql: Sql, id: string): Promise<string[]> {
  const row = CASE.test(id) ? await caseRow(sql, id, 'all') : null
  return row ? [row.stream] : []
}
