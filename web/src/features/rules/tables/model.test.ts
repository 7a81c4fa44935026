import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { TableText } from '../../../../../src/contract/api/tables.ts'
import {
  cellAt,
  isBlock,
  movedRow,
  withBlock,
  withCell,
  withInput,
  withOutput,
  withoutInput,
  withoutRow,
} from './model.ts'

const label = { zh: 'x', en: 'x' }
const TEXT: TableText = {
  ...{ name: label, policy: 'first', constants: [] },
  inputs: [
    { id: 'a', label, expr: 'case.type' },
    { id: 'b', label, expr: 'case.severity' },
  ],
  outputs: [{ id: 't', label, type: 'string' }],
  rows: [
    { when: ['1', '2'], give: ['3'] },
    { when: ['4', '5'], give: ['6'] },
  ],
  otherwise: ['9'],
}
const cells = (text: TableText): string[] => text.rows.map(row => [...row.when, ...row.give].join(' '))

it('a cell is changed where it is, also among the results', () => {
  assert.deepEqual(cells(withCell(TEXT, { row: 1, column: 2 }, 'x')), ['1 2 3', '4 5 x'])
  assert.equal(cellAt(TEXT.rows[1]!, 1), '5')
})

it('a block of a spreadsheet goes right and down from its cell, makes rows, and ends at the last column', () => {
  const pasted = withBlock(TEXT, { row: 1, column: 1 }, 'p\tq\tlost\r\nr\ts\r\n')
  assert.deepEqual(cells(pasted), ['1 2 3', '4 p q', ' r s'])
  assert.deepEqual([isBlock('one'), isBlock('one\n'), isBlock('a\tb'), isBlock('a\nb')], [false, false, true, true])
})

it('columns come and go with their cells', () => {
  const wider = withInput(TEXT, { id: 'c', label, expr: 'case.tier' })
  assert.deepEqual(cells(wider), ['1 2  3', '4 5  6'])
  assert.deepEqual(cells(withoutInput(wider, 0)), ['2  3', '5  6'])
  assert.deepEqual(withOutput(TEXT, { id: 'u', label, type: 'dur' }).otherwise, ['9', ''])
})

it('rows move, and stop at the ends', () => {
  assert.deepEqual(cells(movedRow(TEXT, 1, -1)), ['4 5 6', '1 2 3'])
  assert.equal(movedRow(TEXT, 0, -1), TEXT)
  assert.deepEqual(cells(withoutRow(TEXT, 0)), ['4 5 6'])
})
