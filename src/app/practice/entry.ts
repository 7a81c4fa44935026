import { systemPrincipal } from '../../contract/principal.ts'
import type { Right } from '../../contract/rights.ts'
import { ensurePerson, practiceLink, renewedKey } from '../../modules/access/index.ts'
import type { Access } from '../access.ts'

/** What the shop does: it sends events, works on cases as its people would, and asks for the time. */
const SHOP_RIGHTS: readonly Right[] = [
  ...(['event.write', 'order.read', 'case.read', 'case.work', 'case.assign', 'case.severity', 'case.close'] as const),
  ...(['case.override', 'practice.run', 'actor.behalf'] as const),
]

const BY = { principal: systemPrincipal('practice'), who: { actor: 'system:practice' } }

/**
 * Lets people and the shop into a practice world: a link that signs in as its administrator as long as this process runs,
 * since nothing in there is real, and a key for the shop. @param token of the link, the same in every world of a process
 */
export async function openPracticeDoor(access: Access, token: string): Promise<{ link: string; key: string }> {
  const person = await ensurePerson(access, BY, {
    ...{ handle: 'practice', name: 'Practice', mail: 'practice@localhost.invalid', role: 'administrator' },
  })
  const given = { handle: 'practice-shop', name: 'Practice shop', rights: SHOP_RIGHTS, rate: 100_000 }
  return { link: await practiceLink(access, person, token), key: await renewedKey(access, BY, given) }
}
