import { SECOND } from '../kernel/instant.ts'

/** Every node reads the references every ten seconds: all have a change before it comes into force. */
export const RULES_SPREAD = 15 * SECOND
