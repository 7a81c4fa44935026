import { actorOf } from '../contract/principal.ts'
import type { Fact } from '../contract/stream.ts'

/** Actors that are no person and no key: sources of messages, other streams, rules, the system itself. */
const BY_ITSELF = /^(feed|stream|rule):|^system$/

interface Placed {
  readonly row: { readonly bucket: number; readonly stream: string }
  readonly fact: Fact
}

/** What people and keys did among the facts of a page, as rows of `act_row`. Pure. */
export const actsOf = (seen: readonly Placed[]): object[] =>
  seen
    .filter(({ fact }) => !BY_ITSELF.test(fact.actor))
    .map(({ row, fact }) => {
      const refused = fact.type === 'command.refused'
      const { actor, behalf } = actorOf(fact.actor)
      return {
        ...{ b: row.bucket, s: row.stream, q: fact.seq, t: fact.recordedAt, a: actor, h: behalf },
        v: refused ? textOf(fact.body.command, fact.type) : fact.type,
        o: refused ? 'refused' : 'done',
        c: refused ? textOf(fact.body.code, '') : null,
        r: fact.cause,
      }
    })

const textOf = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise)
