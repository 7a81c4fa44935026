import { PROBLEMS } from '../../contract/api/index.ts'

/** All codes by status, as the table of the reference page. */
export function problemsTable(): string {
  const rows = Object.entries(PROBLEMS)
    .sort(([a, x], [b, y]) => x.status - y.status || (a < b ? -1 : 1))
    .map(([code, { status, en, zh }]) => `| ${status} | \`${code}\` | ${en} | ${zh} |`)
  return ['| status | code | title | 说明 |', '|---|---|---|---|', ...rows].join('\n')
}

/** The reference page of the problem codes. */
export const problemsReference = (): string => `# Problem codes

After this page you know every code that the API may answer with. Each problem is an RFC 9457 body
(\`application/problem+json\`) with \`type\`, \`title\`, \`status\`, \`code\`, \`detail\` (what to do), \`instance\` (the id of the
request, also in \`X-Request-Id\`), \`errors\` (a pointer, a code and a message for each field) and \`more\` (values that the
code explains; \`sentence\` among them says in Chinese and English what to do, for whoever shows it to people). Codes are stable; which routes use them is in [openapi.json](openapi.json). Generated from
\`src/contract/api/problems.ts\` by \`scripts/docs-openapi.ts\`.

${problemsTable()}

Codes with status 409 and the title "The command was refused" come from the domain, and the refusal is recorded in the
ledger.
`
