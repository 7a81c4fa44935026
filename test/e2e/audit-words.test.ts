import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Route, routes } from '../../src/contract/api/index.ts'
import { commandTypes } from '../../src/contract/commands.ts'
import { en } from '../../web/src/features/access/en.ts'
import { zhCN } from '../../web/src/features/access/zh-CN.ts'

test('every verb of the contract has a name in both languages', () => {
  const ofRoutes = Object.values<Route>(routes).flatMap(({ audit }) => (audit === undefined ? [] : [audit]))
  const verbs = [...ofRoutes, ...Object.keys(commandTypes)]
  assert.ok(verbs.length > 40)
  for (const words of [zhCN, en])
    assert.deepEqual(
      verbs.filter(verb => !Object.hasOwn(words, `verb.${verb}`)),
      [],
    )
})
