import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CsvRecord, csvSplitter, isFault } from './core-csv.ts'

function split(...pieces: string[]): CsvRecord[] {
  const splitter = csvSplitter()
  return [...pieces.flatMap(piece => splitter.push(piece)), ...splitter.end()]
}
/** `line: a|b` or `line: fault`. */
const shown = (text: string): string[] => split(text).map(r => `${r.line}: ${isFault(r) ? r.fault : r.cells.join('|')}`)

const CASES: [name: string, text: string, is: string[]][] = [
  ['plain', 'a,b\n1,2\n', ['1: a|b', '2: 1|2']],
  ['without a last line end, with CRLF', 'a,b\r\n1,2', ['1: a|b', '2: 1|2']],
  ['mixed line ends', 'a,b\n1,2\r\n3,4\n', ['1: a|b', '2: 1|2', '3: 3|4']],
  ['empty cells', ',\n"",\n,""', ['1: |', '2: |', '3: |']],
  ['blank lines are no records', 'a\n\n\r\nb\n', ['1: a', '4: b']],
  ['quotes, commas and line ends in a cell', '"a,""b""","c\nd"\ne,f', ['1: a,"b"|c\nd', '3: e|f']],
  ['a carriage return behind a closing quote', '"a","b"\r\nc,d', ['1: a|b', '2: c|d']],
  ['a quote in a bare cell costs one line', 'a,b\n1,x"y\n2,3', ['1: a|b', '2: bad_quoting', '3: 2|3']],
  ['text behind a closing quote costs one line', '1,"5"6\n7,8', ['1: bad_quoting', '2: 7|8']],
  ['a quote that never closes costs one line', 'a,"b\n1,2\n3,4', ['1: bad_quoting', '2: 1|2', '3: 3|4']],
  ['nothing', '', []],
]
for (const [name, text, is] of CASES) test(name, () => assert.deepEqual(shown(text), is))

test('a line of more than a million characters is dropped, its neighbours are not', () => {
  const records = split('a,b\n', ...Array(20).fill('x'.repeat(100_000)), '\nc,d\n')
  assert.deepEqual(records, [
    { line: 1, cells: ['a', 'b'] },
    { line: 2, fault: 'line_too_long' },
    { line: 3, cells: ['c', 'd'] },
  ])
})

test('how the text is cut into pieces changes nothing', () => {
  const text = fc.array(fc.constantFrom('a', 'b', ',', '"', '""', '\n', '\r\n', '"x"', '"\n"')).map(x => x.join(''))
  fc.assert(
    fc.property(text, fc.nat(40), fc.nat(40), (whole, i, j) => {
      const [from, to] = i < j ? [i, j] : [j, i]
      assert.deepEqual(split(whole.slice(0, from), whole.slice(from, to), whole.slice(to)), split(whole))
    }),
  )
})

test('what is written by the rules is read back', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', ' ') })
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 })
  fc.assert(
    fc.property(rows, given => {
      const text = given.map(row => row.map(c => `"${c.replaceAll('"', '""')}"`).join(',')).join('\n')
      assert.deepEqual(
        split(text).map(r => (isFault(r) ? r.fault : r.cells)),
        given,
      )
    }),
  )
})

test('every line that is not blank is in exactly one record', () => {
  const text = fc.array(fc.constantFrom('a', ',', '"', 'b"', '\n')).map(x => x.join(''))
  fc.assert(
    fc.property(text, whole => {
      const lines = whole.split('\n')
      let next = 1
      for (const record of split(whole)) {
        for (; next < record.line; next++) assert.equal(lines[next - 1], '', `line ${next} is lost`)
        const breaks = isFault(record) ? 0 : record.cells.join('').split('\n').length - 1
        next = record.line + 1 + breaks
      }
      for (; next <= lines.length; next++) assert.equal(lines[next - 1], '', `line ${next} is lost`)
    }),
  )
})
