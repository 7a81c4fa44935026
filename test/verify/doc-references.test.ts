import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokenReferences, lineCommentsOf } from '../../scripts/doc-references.ts'

const existing = new Set([
  'src/kernel/bucket.ts',
  'src/kernel',
  'docs/glossary.md',
  'docs',
  'migrations',
  'README.md',
  'test',
])
const broken = (path: string, text: string): string[] =>
  brokenReferences({ path, line: 1, text }, at => existing.has(at)).map(p => `${p.line} ${p.message}`)

test('a path in backticks must exist', () => {
  assert.deepEqual(broken('a.ts', 'see `src/kernel/bucket.ts`, `src/kernel/`, `./docs/glossary.md`'), [])
  assert.deepEqual(broken('a.ts', 'one\nsee `src/kernel/gone.ts`'), ['2 src/kernel/gone.ts does not exist'])
})

test('line numbers and anchors are no part of a path', () => {
  assert.deepEqual(broken('a.md', '`src/kernel/bucket.ts:12` and `docs/glossary.md#case`'), [])
  assert.equal(broken('a.md', '`src/kernel/gone.ts:12`').length, 1)
})

test('a pattern is checked up to its fixed folder', () => {
  assert.deepEqual(broken('a.md', '`migrations/NNNN_name.sql`, `test/<area>/x.ts`, `src/kernel/*.ts`'), [])
  assert.equal(broken('a.md', '`src/gone/*.ts`').length, 1)
})

test('links of a page are read from where the page is', () => {
  assert.deepEqual(
    broken('docs/page.md', '[a](glossary.md) [b](../README.md#x) [c](https://example.org) [d](#here)'),
    [],
  )
  assert.deepEqual(broken('docs/page.md', '[a](../glossary.md)'), ['1 ../glossary.md does not exist'])
})

test('other words in backticks are left alone', () => {
  assert.deepEqual(broken('a.md', '`npm test`, `source/x.ts`, `application/json`, `bench/results/now.json`'), [])
})

test('comments of SQL and YAML are read, their values are not', () => {
  const texts = lineCommentsOf('x.sql', "select 'a' -- see `src/gone.ts`\nselect 1")
  assert.deepEqual(
    texts.flatMap(t => brokenReferences(t, () => false)).map(p => p.line),
    [1],
  )
  assert.deepEqual(
    lineCommentsOf('x.yaml', 'a: 1 # why\nb: 2').map(t => t.line),
    [1],
  )
})
