import type { ReactNode } from 'react'
import type { NameKind } from '../../../src/contract/names.ts'
import { useNameOf } from './names.ts'

/** A code by its name; the code itself, which files and the API have, is in the tooltip. */
export function Named({ kind, code }: { kind: NameKind; code: string }): ReactNode {
  const name = useNameOf(kind)(code)
  return name === code ? code : <span title={code}>{name}</span>
}
