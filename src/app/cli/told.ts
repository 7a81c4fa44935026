import { userInfo } from 'node:os'
import { systemPrincipal } from '../../contract/principal.ts'
import { AuditTrail } from '../../modules/access/index.ts'
import { sealAudit } from '../../pipeline/audit-sealer.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { messageOf } from '../../platform/error.ts'
import type { Sealer } from '../../platform/seal.ts'
import { newId } from '../compose.ts'
import { machineName } from '../config.ts'
import type { Call } from './verb.ts'

const now = (): number => systemClock.now()

/** Tells the audit trail that a verb of the command line is at work, by which account of which machine. */
export async function tellVerb(
  { verb, flags, terminal }: Call,
  { db, sealer }: { readonly db: Database; readonly sealer: Sealer },
): Promise<void> {
  const trail = new AuditTrail({ db, sealer, newId, now })
  const given = { ...(flags.words.length > 0 && { words: flags.words }), ...flags.values }
  try {
    await trail.record({ actor: systemPrincipal('cli').actor, agent: account() }, { verb: `cli.${verb}`, after: given })
    await sealAudit(db, sealer, now)
  } catch (error) {
    // A database that only reads is verified as well; nobody should be kept from looking by that.
    terminal.warn(`The audit trail was not told of this: ${messageOf(error)}.`)
  }
}

function account(): string {
  try {
    return `${userInfo().username}@${machineName()}`
  } catch {
    return `unknown@${machineName()}`
  }
}
