import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Route, routes } from '../../src/contract/api/index.ts'
import { COMMAND_SENT } from '../../src/contract/audit.ts'
import { commandTypes } from '../../src/contract/commands.ts'
import { systemFactTypes } from '../../src/contract/events/index.ts'
import { TICKET_KINDS } from '../../src/modules/access/tickets.ts'
import { en } from '../../web/src/features/access/audit-words/en.ts'
import { zhCN } from '../../web/src/features/access/audit-words/zh-CN.ts'

const inCode = (files: string, pattern: RegExp): string[] =>
  globSync(files, { exclude: path => path.endsWith('.test.ts') }).flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(pattern)].map(found => found[1] ?? ''),
  )

test('every verb of the contract, of the command line and of the code has a name in both languages', () => {
  const ofRoutes = Object.values<Route>(routes).flatMap(({ audit }) => (audit === undefined ? [] : [audit]))
  const ofCli = inCode('src/app/cli/*.ts', /^ {2}name: '([\w-]+)',$/gm).map(name => `cli.${name}`)
  assert.ok(ofCli.length > 10)
  const written = inCode('src/**/*.ts', /\b(?:verb: |VERB = )'([a-z_]+\.[a-z_]+)'/g)
  // What people's commands become in the ledger, and the links that are made.
  const facts = [
    ...Object.keys(systemFactTypes).filter(type => type.startsWith('case.')),
    'order.note_added',
    'person.erased',
  ]
  const byRules = new Set(['case.opened', 'case.triaged', 'case.cleared'])
  const links = TICKET_KINDS.map(kind => `link.${kind}`)
  const told = [...facts.filter(type => !byRules.has(type)), ...links]
  const verbs = [...new Set([...told, ...ofRoutes, ...Object.keys(commandTypes), COMMAND_SENT, ...ofCli, ...written])]
  assert.ok(verbs.length > 85, String(verbs.length))
  for (const words of [zhCN, en])
    assert.deepEqual(
      verbs.filter(verb => !Object.hasOwn(words, `verb.${verb}`)),
      [],
    )
})
