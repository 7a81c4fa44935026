import type { Practice } from '../../../contract/api/index.ts'
import { happensAt, PRACTICE_INCIDENTS } from '../../../contract/practice.ts'
import { accountableOf } from '../../../contract/principal.ts'
import type { PracticeHost } from '../../practice/host.ts'
import type { HttpDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import type { Handlers } from '../serve.ts'

type Operation =
  | 'getPractice'
  | 'startPractice'
  | 'setPractice'
  | 'triggerIncident'
  | 'endIncident'
  | 'resetPractice'
  | 'advancePractice'

export function practiceHandlers(deps: HttpDeps): Pick<Handlers, Operation> {
  const now = async () => ({ status: 200 as const, body: await practiceOf(deps) })
  return {
    getPractice: now,
    async startPractice({ body: { seed } }) {
      const offer = deps.practice?.offer
      if (!offer || !(await offer.possible()))
        throw new ApiProblem(
          'practice_not_offered',
          'A practice world is started from a live one on this machine that has no orders yet: use npm start -- --practice.',
        )
      try {
        await offer.start(seed)
      } catch (error) {
        deps.log.warn('the practice world did not start', { error: String(error) })
        throw new ApiProblem('practice_not_started', 'It ended at once: try npm start -- --practice, which tells why.')
      }
      return now()
    },
    async setPractice({ body }, { actor }) {
      await hostOf(deps).set(body, accountableOf(actor))
      return now()
    },
    async triggerIncident({ body }, { actor }) {
      const { kind, target = PRACTICE_INCIDENTS[kind].targets[0], minutes } = body
      const host = hostOf(deps)
      if (!happensAt(kind, target)) {
        const places = PRACTICE_INCIDENTS[kind].targets.join(', ')
        throw new ApiProblem('incident_elsewhere', `It can happen at ${places}: choose one as target.`)
      }
      if (!(await host.trigger({ kind, target, minutes }, accountableOf(actor))))
        throw new ApiProblem('too_many_incidents', 'End one of the incidents that last, or let the time pass.')
      return now()
    },
    async endIncident({ params: { id } }) {
      if (!(await hostOf(deps).end(id)))
        throw new ApiProblem('incident_not_found', `There is no incident ${id}: see GET /v1/practice.`)
      return now()
    },
    async resetPractice({ body: { seed } }) {
      const host = hostOf(deps)
      const body = { ...(await practiceOf(deps)), url: host.link }
      host.reset(seed)
      return { status: 202, body }
    },
    async advancePractice({ body }) {
      await hostOf(deps).advance(body)
      return now()
    },
  }
}

async function practiceOf({ practice }: HttpDeps): Promise<Practice> {
  if (practice?.host) return { world: 'practice', offered: false, url: null, shop: practice.host.state() }
  const offered = (await practice?.offer?.possible()) ?? false
  return { world: 'live', offered, url: practice?.offer?.url ?? null, shop: null }
}

/** @throws ApiProblem not_a_practice_world */
function hostOf({ practice }: HttpDeps): PracticeHost {
  if (practice?.host) return practice.host
  throw new ApiProblem('not_a_practice_world', 'Start one with npm start -- --practice.')
}
