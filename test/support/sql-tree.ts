/**
 * Reads the tree of PostgreSQL's own parser. A node is `{ TypeName: { field: ... } }`; a few fields hold a node's inside
 * without its name (`InsertStmt.relation`), which is why everything goes through `field` and `inside`.
 */
import { loadModule, parseSync } from 'libpg-query'

export type Tree = { readonly [field: string]: unknown }

await loadModule()

/** The statements of a text; throws PostgreSQL's syntax error. */
export const statementsOf = (text: string): Tree[] =>
  treesIn(parseSync(text), 'stmts').map(statement => inside(statement, 'stmt') ?? {})

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

export const inside = (tree: Tree | null, field: string): Tree | null => {
  const value = tree?.[field]
  return isTree(value) ? value : null
}

export const treesIn = (tree: unknown, field: string): Tree[] => {
  const value = isTree(tree) ? tree[field] : undefined
  return Array.isArray(value) ? value.filter(isTree) : []
}

export const textIn = (tree: Tree | null, field: string): string => {
  const value = tree?.[field]
  return typeof value === 'string' ? value : ''
}

/** The texts of a list of `String` nodes: a qualified name, the columns of a key. */
export const namesIn = (tree: Tree | null, field: string): string[] =>
  treesIn(tree, field).map(node => textIn(inside(node, 'String'), 'sval'))

/** Calls `visit` with the type name and the inside of every node, parents first; `false` leaves out what is below. */
export function walk(value: unknown, visit: (type: string, node: Tree) => unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit)
    return
  }
  if (!isTree(value)) return
  for (const [key, child] of Object.entries(value)) {
    // The two halves of a UNION are the one place where a whole statement stands without its name.
    const type = (key === 'larg' || key === 'rarg') && isTree(child) && 'op' in child ? 'SelectStmt' : key
    if (isTree(child) && /^[A-Z]/.test(type) && visit(type, child) === false) continue
    walk(child, visit)
  }
}
