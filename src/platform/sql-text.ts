/**
 * Splits a migration into its statements, without comments around them. Knows quotes, E'' strings, dollar quotes,
 * line comments and nested block comments (PostgreSQL manual, 4.1 Lexical Structure). Statements are sent one by one,
 * since a cluster refuses several DDL statements in one string.
 */
export function statementsOf(sql: string): string[] {
  const statements: string[] = []
  let start = 0
  let at = 0
  while (at < sql.length) {
    if (sql[at] === ';') {
      statements.push(sql.slice(start, at))
      start = at + 1
    }
    at = skipToken(sql, at)
  }
  statements.push(sql.slice(start))
  return statements.map(trimComments).filter(text => text !== '')
}

/** Index after the token at `at`: a whole string, comment or quoted name, else one character. */
function skipToken(sql: string, at: number): number {
  const rest = sql.slice(at, at + 2)
  if (rest === '--') return after(sql, sql.indexOf('\n', at), 1)
  if (rest === '/*') return skipBlockComment(sql, at)
  if (sql[at] === "'") return skipQuoted(sql, at, { escapes: /[eE]/.test(sql[at - 1] ?? '') && !isWord(sql[at - 2]) })
  if (sql[at] === '"') return skipQuoted(sql, at, { escapes: false })
  if (sql[at] === '$' && !isWord(sql[at - 1])) return skipDollar(sql, at)
  return at + 1
}

function skipQuoted(sql: string, at: number, options: { escapes: boolean }): number {
  const quote = sql[at]
  for (let i = at + 1; i < sql.length; i++) {
    if (options.escapes && sql[i] === '\\') i++
    // A doubled quote ends one string and starts the next at once, which splits nothing.
    else if (sql[i] === quote) return i + 1
  }
  return sql.length
}

function skipDollar(sql: string, at: number): number {
  const tag = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(sql.slice(at, at + 70))?.[0]
  return tag === undefined ? at + 1 : after(sql, sql.indexOf(tag, at + tag.length), tag.length)
}

function skipBlockComment(sql: string, at: number): number {
  let depth = 0
  for (let i = at; i < sql.length; i++) {
    const two = sql.slice(i, i + 2)
    if (two !== '/*' && two !== '*/') continue
    depth += two === '/*' ? 1 : -1
    i++
    if (depth === 0) return i + 1
  }
  return sql.length
}

const after = (sql: string, found: number, length: number): number => (found < 0 ? sql.length : found + length)
const isWord = (char: string | undefined): boolean => char !== undefined && /[\w$\u0080-\uffff]/.test(char)

/** Comments before and after a statement say nothing to the server; inside it they stay. */
function trimComments(text: string): string {
  let rest = text.trim()
  while (rest.startsWith('--') || rest.startsWith('/*')) rest = rest.slice(skipToken(rest, 0)).trim()
  return rest
}
