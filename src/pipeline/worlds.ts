import type { StreamKind } from '../contract/stream.ts'
import type { Clock } from '../platform/clock.ts'
import type { World } from './decide.ts'
import { reactorsOf } from './reactors.ts'
import type { ReferenceBook } from './references.ts'
import type { RuleWatch } from './rule-watch.ts'

export interface WorldsDeps {
  readonly clock: Clock
  readonly simulated: boolean
  versionOf(type: string): number
  readonly references: ReferenceBook
  /** Asked for when something is decided; it is made after the worlds are. */
  ruleWatch(): RuleWatch
}

/** What the loop needs to know besides a stream, for each kind of stream. */
export function worldsOf({
  clock,
  simulated,
  versionOf,
  references,
  ruleWatch,
}: WorldsDeps): (kind: StreamKind) => World {
  const of = (kind: StreamKind): World => ({
    reactors: reactorsOf(kind),
    refsAt: now => references.at(now),
    turnAfter: memo => ruleWatch().turnAfter(memo),
    missedTurn: memo => ruleWatch().missedTurn(memo),
    wakeRecordedAt: wake => (simulated ? wake : clock.now()),
    versionOf,
  })
  const worlds = { order: of('order'), feed: of('feed'), system: of('system') }
  return kind => worlds[kind]
}
