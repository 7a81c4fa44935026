import { call } from '../../../lib/api.ts'
import { type CarryingOut, type Command, inParts, type Outcome } from './commands.ts'

/** Carries a command out at the server. */
export const carryOut = (
  command: Command,
  ids: readonly string[],
  way: Omit<CarryingOut, 'send'> = {},
): Promise<Outcome> => inParts(command, ids, { ...way, send: request => call('bulkCases', request) })
