/** Words that addresses of the API and of the console have in the place of a rule's id: a rule of that name could not be opened. */
export const RESERVED_RULE_IDS: ReadonlySet<string> = new Set([
  ...['check', 'changes', 'explain', 'facts', 'lint', 'names', 'preview', 'sweep'],
  ...['new', 'findings', 'tables', 'baselines'],
])
