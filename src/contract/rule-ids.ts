/** Words that addresses of the console and of the API have in the place of a rule's id: a rule of that name could not be opened. */
export const RESERVED_RULE_IDS: ReadonlySet<string> = new Set([
  ...['new', 'changes', 'findings', 'tables', 'baselines'],
  'facts',
])
