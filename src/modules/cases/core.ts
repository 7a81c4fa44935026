import { CASE_FACTS } from '../../contract/case-facts.ts'
import type { Reactor, StreamView } from '../../contract/stream.ts'
import { ALLOWED, handle } from './core-command.ts'
import { evolve } from './core-fold.ts'
import { react, wakeAt } from './core-react.ts'
import type { TriageSubject } from './core-triage.ts'
import type { CasesState } from './types.ts'
import { NO_CASES } from './types.ts'

/** Findings become cases, and people's commands bring them to an end; for streams of every kind. */
export const casesReactorFor = (subjectOf: (view: StreamView) => TriageSubject): Reactor<CasesState> => ({
  slice: 'cases',
  shape: 3,
  initial: NO_CASES,
  on: ['tick', 'finding.raised', 'finding.cleared', 'case.opened', 'case.reopened', 'case.cleared', 'case.waiting'],
  adds: Object.keys(CASE_FACTS),
  commands: Object.keys(ALLOWED),
  evolve,
  react: (view, fact, now) => react(view, fact, { now, subjectOf }),
  handle,
  wakeAt: (view, now) => wakeAt(view, { now, subjectOf }),
})

const NOBODY: TriageSubject = {
  ...{ orderNo: null, channel: null, amount: null, currency: null, region: null, promiseEndsAt: null, tier: null },
}

/** For streams of which a triage table knows nothing but the case. */
export const casesReactor = casesReactorFor(() => NOBODY)
