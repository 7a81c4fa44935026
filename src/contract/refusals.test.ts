import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CASE_FACTS } from './case-facts.ts'
import { CAUSES } from './causes.ts'
import { COMMAND_BODIES, checkCommand, commandTypes } from './commands.ts'
import { systemFactTypes } from './events/index.ts'
import { EXCEPTION_TYPES, exceptionLabel } from './exceptions.ts'
import type { Label } from './facts.ts'
import { REFUSALS } from './refusals.ts'

const root = join(import.meta.dirname, '../..')
const sources = globSync('src/**/*.ts', { cwd: root }).filter(
  f => !f.endsWith('.test.ts') && !f.endsWith('refusals.ts'),
)

/** Codes in `refuse('code'...)` and `{ refused: 'code' }`; of a choice between two codes, both. */
function codesIn(text: string): string[] {
  const calls = text.matchAll(/\brefuse\(\s*'([a-z_]+)'|\brefused:\s*(?!string)([^,}\n]+)/g)
  return [...calls].flatMap(([, called, written]) => (called ? [called] : [...quoted(written ?? '')]))
}
const quoted = (text: string): string[] => [...text.matchAll(/'([a-z_]+)'/g)].map(m => m[1]!)

test('every code that the source refuses with is in the catalogue, and every code of the catalogue is used', () => {
  const used = new Set(sources.flatMap(file => codesIn(readFileSync(join(root, file), 'utf8'))))
  assert.deepEqual([...used].sort(), Object.keys(REFUSALS).sort())
})

test('the scan sees both ways of writing a refusal', () => {
  const text = "refuse('one', {})\n refuse(\n 'two')\n{ refused: a ? 'three' : 'four', x: 'no' }\nrefused: string"
  assert.deepEqual(codesIn(text), ['one', 'two', 'three', 'four'])
})

test('every word is there in both languages, once', () => {
  const lists: readonly (readonly Label[])[] = [
    Object.values(REFUSALS),
    Object.values(CAUSES),
    Object.values(EXCEPTION_TYPES),
    Object.values(commandTypes).map(c => c.label),
  ]
  for (const labels of lists) {
    for (const { zh, en } of labels) {
      assert.match(zh, /^\p{Script=Han}/u)
      assert.match(en, /^[A-Z][\x20-\x7e]+$/)
    }
    assert.equal(new Set(labels.map(l => l.zh)).size, labels.length)
    assert.equal(new Set(labels.map(l => l.en)).size, labels.length)
  }
})

test('every exception type of the shipped rules has a name; an unknown one shows its code', () => {
  const types = ['core', 'retail', 'made-to-order'].flatMap(name => {
    const pack = readFileSync(join(root, `packs/${name}.yaml`), 'utf8')
    return [...pack.slice(pack.indexOf('\nrules:')).matchAll(/^ {4}type: (\w+)$/gm)].map(m => m[1]!)
  })
  assert.ok(types.length >= 50)
  assert.deepEqual(
    types.filter(t => !(t in EXCEPTION_TYPES)),
    [],
  )
  assert.deepEqual(exceptionLabel('constructor'), { zh: 'constructor', en: 'constructor' })
})

test('every case fact has a name and a version, every command a shape and a name', () => {
  const named = Object.keys(systemFactTypes).filter(t => t.startsWith('case.'))
  assert.deepEqual(named.sort(), Object.keys(CASE_FACTS).sort())
  assert.deepEqual(Object.keys(commandTypes).sort(), Object.keys(COMMAND_BODIES).sort())
})

test('a checked body is trimmed; a malformed one names the field and never repeats what was written', () => {
  const id = `c-${'0'.repeat(26)}`
  assert.deepEqual(checkCommand('case.note', { case: id, text: ' hello ' }), {
    type: 'case.note',
    body: { case: id, text: 'hello' },
  })
  const tries: readonly [keyof typeof COMMAND_BODIES, unknown, string][] = [
    ['case.note', null, ''],
    ['case.note', { case: 'Maria', text: 'a' }, 'case'],
    ['case.note', { case: id, text: 'Maria'.repeat(500) }, 'text'],
    ['case.note', { case: id, text: 'a', extra: 'Maria' }, 'extra'],
    ['case.close', { case: id, cause: 'other', result: 'r', override: { reason: '' } }, 'override.reason'],
  ]
  for (const [type, body, field] of tries) {
    const checked = checkCommand(type, body)
    assert.ok('problem' in checked)
    assert.equal(checked.field, field)
    assert.doesNotMatch(checked.problem, /Maria/)
  }
})
