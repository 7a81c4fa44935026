import type { CaseVerb } from './commands.ts'

/** The same in the inbox, in its drawer and on the page of a case. */
export const KEYS: { readonly [V in CaseVerb]?: string } = {
  ...{
    claim: 'e',
    assign: 'a',
    snooze: 's',
    wait: 'w',
    escalate: 'shift+e',
    note: 'c',
    resolve: 'r',
    close: 'shift+r',
  },
}
