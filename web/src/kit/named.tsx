import type { ReactNode } from 'react'
import type { NameKind } from '../../../src/contract/names.ts'
import { useNameOf } from './names.ts'

/** A code by its name; the tooltip has the whole name where it is cut, and the code, which files and the API have. */
export function Named({ kind, code }: { kind: NameKind; code: string }): ReactNode {
  const name = useNameOf(kind)(code)
  return name === code ? code : <span title={`${name} · ${code}`}>{name}</span>
}
