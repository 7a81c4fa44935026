import { useCallback } from 'react'
import type { TableText } from '../../../../../src/contract/api/tables.ts'
import { useFactNames, useRuleName, useTypeName } from '../../../kit/names.ts'

/** Codes as a cell holds them: several with commas between them. */
const codesIn = (cell: string): string[] =>
  cell
    .split(/[,，]/)
    .map(code => code.trim())
    .filter(code => code !== '')

/** What the codes of a cell are called, where that is known; null: nothing that the cell does not say itself. */
export function useCellWords(): (text: TableText, column: number, cell: string) => string | null {
  const [rule, type, factNames] = [useRuleName(), useTypeName(), useFactNames()]
  return useCallback(
    ({ inputs, outputs }, column, cell) => {
      const asks = inputs[column]?.expr ?? outputs[column - inputs.length]?.id ?? ''
      const nameOf = asks === 'case.type' ? type : asks === 'case.rule' ? rule : factNames(asks)
      if (nameOf === null) return null
      // Of each stays whether it is meant or excluded.
      const wordsOf = (code: string): string =>
        code.startsWith('!') ? `!${nameOf(code.slice(1).trim())}` : nameOf(code)
      const codes = codesIn(cell)
      return codes.some(code => wordsOf(code) !== code) ? codes.map(wordsOf).join(' · ') : null
    },
    [rule, type, factNames],
  )
}
