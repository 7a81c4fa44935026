import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type FileMeasure, type Limits, measureFile, overCaps, tableOf } from '../../scripts/budget-measures.ts'
import { readSource } from '../../scripts/source.ts'

const CAPS: Limits = { fileLines: 400, functionLines: 60, parameters: 3, any: 0 }
const root = mkdtempSync(join(tmpdir(), 'andon-budgets-'))
after(() => rmSync(root, { recursive: true, force: true }))

function measured(text: string): FileMeasure {
  writeFileSync(join(root, 'planted.ts'), text)
  return measureFile(readSource(root, 'planted.ts'))
}
const codesOf = (text: string): string[] => overCaps({ name: 'src', files: [measured(text)] }, CAPS).map(p => p.code)
const repeated = (line: string, n: number): string => Array.from({ length: n }, () => line).join('\n')

test('a file of 400 lines is within its cap, one of 401 is not', () => {
  assert.deepEqual(codesOf(`${repeated('const _ = 1;', 400).replaceAll('const _ = 1;', '//')}\n`), [])
  assert.deepEqual(codesOf(`${repeated('//', 401)}\n`), ['file_too_long'])
})

test('a function of 60 lines is within its cap, one of 61 is not, whatever its form', () => {
  const body = (n: number): string => repeated('  f()', n - 2)
  assert.deepEqual(codesOf(`function f() {\n${body(60)}\n}\n`), [])
  for (const text of [
    `function f() {\n${body(61)}\n}\n`,
    `const f = () => {\n${body(61)}\n}\n`,
    `class C {\n  f() {\n${body(61)}\n}\n}\n`,
  ])
    assert.deepEqual(codesOf(text), ['function_too_long'])
})

test('lines inside SQL do not count, lines inside other templates do', () => {
  const inside = repeated('  x', 70)
  assert.deepEqual(codesOf(`function f() {\n  return \`\n  select\n${inside}\`\n}\n`), [])
  assert.deepEqual(codesOf(`function f() {\n  return sql\`\n${inside}\`\n}\n`), [])
  assert.deepEqual(codesOf(`function f() {\n  return \`dear reader\n${inside}\`\n}\n`), ['function_too_long'])
})

test('every any is named with its line', () => {
  const found = overCaps(
    { name: 'src', files: [measured('const a = 1\nconst b = (x: any): any[] => [x, a, b]\n')] },
    CAPS,
  )
  assert.deepEqual(
    found.map(p => [p.code, p.line]),
    [
      ['any_used', 2],
      ['any_used', 2],
    ],
  )
})

test('an exported function or a method takes at most three parameters', () => {
  for (const text of [
    'export function f(a: 1, b: 2, c: 3, d: 4): unknown { return [a, b, c, d] }\n',
    'export const f = (a: 1, b: 2, c: 3, d: 4): unknown => [a, b, c, d]\n',
    'const f = (a: 1, b: 2, c: 3, d: 4): unknown => [a, b, c, d]\nexport { f }\n',
    'export class C { f(a: 1, b: 2, c: 3, d: 4) { return [a, b, c, d] } }\n',
  ])
    assert.deepEqual(codesOf(text), ['too_many_parameters'], text)
  assert.deepEqual(codesOf('const f = (a: 1, b: 2, c: 3, d: 4): unknown => [a, b, c, d]\n'), [])
})

test('casts are counted, const assertions are not', () => {
  assert.equal(measured('const a = 1 as unknown as string\nconst b = [a] as const\n').asCount, 2)
})

test('the table shows medians, the ninth tenth and the largest', () => {
  const table = tableOf([{ name: 'src', files: [measured('// why\nexport function f() {\n  return 1\n}\n')] }])
  const row = table.split('\n')[1] ?? ''
  assert.match(row, /^src +1 +4 +4 \/ 4 \/ 4 +3 \/ 3 \/ 3 +25\.0 +0\.0 +0\.0$/)
})
