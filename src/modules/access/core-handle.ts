/** How a person or a key is named in ledger and audit, after `user:` or `key:`. */
export const HANDLE = /^[a-z0-9][a-z0-9._-]{0,39}$/

/** A handle made of a mail address; `taken` says which are used. */
export function handleOf(mail: string, taken: ReadonlySet<string>): string {
  const local = mail.split('@')[0] ?? ''
  const plain = local
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '')
    .replace(/^[._-]+/, '')
    .slice(0, 34)
  const base = plain === '' ? 'person' : plain
  if (!taken.has(base)) return base
  for (let n = 2; ; n++) if (!taken.has(`${base}${n}`)) return `${base}${n}`
}
