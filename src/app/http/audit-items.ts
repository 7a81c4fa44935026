import type { AuditItem } from '../../contract/api/index.ts'
import type { AuditOutcome } from '../../contract/audit.ts'
import { personalPathsOf } from '../../contract/personal.ts'
import { type Principal, permits } from '../../contract/principal.ts'
import { isoOf } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { changesOf } from '../../modules/access/index.ts'
import { type Deed, type Origin, originsOf } from '../../pipeline/queries/audit.ts'
import {
  type DeedNames,
  type MayName,
  nameOfActor,
  nameOfSubject,
  namesOf,
  subjectOf,
} from '../../pipeline/queries/deed-names.ts'
import { type DeedState, statesOf } from '../../pipeline/queries/deed-states.ts'
import type { ActRowTable, AuditTable } from '../../pipeline/queries/tables.ts'
import type { HttpDeps } from './deps.ts'
import { loadsOf } from './handlers/order.ts'
import { maskedBody } from './mask.ts'

/** Who may see the trail is not always who may see the people: names and addresses have rights of their own. */
export const mayName = (principal: Principal): MayName => ({
  people: permits(principal, 'user.read'),
  mails: permits(principal, 'user.manage'),
})

/** Entries as people read them: with names, with where commands came from, and with what they changed. */
export async function auditItems(deps: HttpDeps, deeds: readonly Deed[], may: MayName): Promise<AuditItem[]> {
  const acts = deeds.flatMap(deed => (deed.source === 'ledger' ? [deed.row] : []))
  const [names, origins, stateOf] = await Promise.all([
    namesOf(deps.db, deeds, may),
    originsOf(deps.db, deeds),
    statesOf(deps.db, loadsOf(deps), acts),
  ])
  return deeds.map(deed => {
    const told = deed.source === 'trail' ? ofTrail(deed.row) : ofLedger(deed, origins, stateOf(deed.row))
    return named(told, deed, names)
  })
}

type Told = Omit<AuditItem, 'actorName' | 'behalfName' | 'subject' | 'changes'>

function named(told: Told, deed: Deed, names: DeedNames): AuditItem {
  const subject = subjectOf(deed)
  return {
    ...told,
    actorName: nameOfActor(names, told.actor),
    behalfName: nameOfActor(names, told.behalf),
    subject: subject && { ...subject, name: nameOfSubject(names, subject) },
    // The schema keeps both open; what is in them is JSON.
    changes: changesOf(told.before as JsonObject | null, told.after as JsonObject | null),
  }
}

function ofTrail(row: AuditTable): Told {
  const { before = null, after = null }: { before?: JsonObject | null; after?: JsonObject | null } = JSON.parse(
    row.detail,
  )
  return {
    ...{ id: row.id, source: 'trail', at: isoOf(row.at), actor: row.actor, behalf: row.behalf },
    ...{ address: row.address, agent: row.agent, verb: row.verb },
    ...{ outcome: row.outcome, code: row.code, request: row.request, times: row.times, position: row.pos },
    before: before && { ...before },
    after: after && { ...after },
  }
}

function ofLedger(
  { key, row }: { readonly key: string; readonly row: ActRowTable },
  origins: ReadonlyMap<string, Origin>,
  state: DeedState | null,
): Told {
  const origin = row.request === null ? undefined : origins.get(row.request)
  return {
    ...{ id: key, source: 'ledger', at: isoOf(row.at), actor: row.actor, behalf: row.behalf },
    ...{ address: origin?.address ?? null, agent: origin?.agent ?? null, verb: row.verb },
    ...{ outcome: outcomeOf(row.outcome), code: row.code, request: origin?.request ?? row.request },
    ...{ times: 1, position: null, ...(state ? sidesOf(state) : { before: null, after: null }) },
  }
}

/** What was said stands with what came of it; who it was given from is in `before` already. */
function sidesOf({ type, said, before, after }: DeedState): Pick<Told, 'before' | 'after'> {
  const { from: _, code: __, command: ___, ...words } = maskedBody(said, personalPathsOf(type))
  return { before: before && { ...before }, after: { ...words, ...after } }
}

const outcomeOf = (text: string): AuditOutcome => (text === 'refused' ? 'refused' : 'done')
