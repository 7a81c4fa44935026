import { useCallback } from 'react'
import type { TableText } from '../../../../../src/contract/api/tables.ts'
import { useFactNames, useRuleName, useTypeName } from '../../../kit/names.ts'
import { useRuleTexts } from '../texts.ts'

/** Codes as a cell holds them: several with commas between them. */
const codesIn = (cell: string): string[] =>
  cell
    .split(/[,，]/)
    .map(code => code.trim())
    .filter(code => code !== '')

/** What an approval table may say of an order. */
const DECISIONS = ['approve', 'review', 'hold'] as const

/** What the codes of a column are called, by the fact it asks for or by what it gives; null where it holds no codes. */
export function useCodeNames(): (column: string) => ((code: string) => string) | null {
  const t = useRuleTexts()
  const [rule, type, factNames] = [useRuleName(), useTypeName(), useFactNames()]
  return useCallback(
    column => {
      if (column === 'case.type') return type
      if (column === 'case.rule') return rule
      if (column !== 'decision') return factNames(column)
      return code => {
        const known = DECISIONS.find(one => one === code)
        return known === undefined ? code : t(`decision.${known}`)
      }
    },
    [t, rule, type, factNames],
  )
}

/** What the codes of a cell are called, where that is known; null: nothing that the cell does not say itself. */
export function useCellWords(): (text: TableText, column: number, cell: string) => string | null {
  const codeNames = useCodeNames()
  return useCallback(
    ({ inputs, outputs }, column, cell) => {
      const nameOf = codeNames(inputs[column]?.expr ?? outputs[column - inputs.length]?.id ?? '')
      if (nameOf === null) return null
      // Of each stays whether it is meant or excluded.
      const wordsOf = (code: string): string =>
        code.startsWith('!') ? `!${nameOf(code.slice(1).trim())}` : nameOf(code)
      const codes = codesIn(cell)
      return codes.some(code => wordsOf(code) !== code) ? codes.map(wordsOf).join(' · ') : null
    },
    [codeNames],
  )
}
