import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { flawOfJson } from '../../src/app/http/json-text.ts'
import { openApiDocument } from '../../src/app/http/openapi.ts'
import { problemsTable } from '../../src/app/http/problems-page.ts'
import { ANYWHERE, BEHIND_THE_DOOR, isProblemName, PROBLEMS, type Route, routes } from '../../src/contract/api/index.ts'
import { REFUSALS } from '../../src/contract/refusals.ts'

const ROOT = join(import.meta.dirname, '../..')
interface Operation {
  readonly operationId: string
  readonly responses: Readonly<Record<string, { readonly content?: object }>>
}

interface Document {
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: object }
}

const document: Document = JSON.parse(JSON.stringify(openApiDocument('0.0.0')))

test('every route has its own address, a tag that is described, and parameters that its path names', () => {
  const all = Object.entries<Route>(routes)
  assert.equal(new Set(all.map(([, r]) => `${r.method} ${r.path}`)).size, all.length)
  const tags = new Set(document.tags.map(t => t.name))
  for (const [id, route] of all) {
    assert.ok(tags.has(route.tag), id)
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(m => m[1])
    assert.deepEqual(Object.keys(route.params?.shape ?? {}), named, id)
    assert.ok(Object.keys(route.replies).length > 0, id)
  }
})

test('every reference in the document leads somewhere, and every component is used', () => {
  const text = JSON.stringify(document)
  const used = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(m => m[1]!))
  assert.deepEqual([...used].sort(), Object.keys(document.components.schemas).sort())
  assert.ok(!text.includes('"$schema"') && !text.includes('"$id"'))
})

test('problems are problem+json everywhere, and operation ids are unique', () => {
  const ids: string[] = []
  for (const item of Object.values(document.paths))
    for (const operation of Object.values(item)) {
      ids.push(operation.operationId)
      for (const [status, { content }] of Object.entries(operation.responses))
        if (Number(status) >= 400) assert.deepEqual(Object.keys(content ?? {}), ['application/problem+json'])
    }
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual(ids.sort(), Object.keys(routes).sort())
})

test('the catalogue of problems: every code is declared by a route or may come anywhere, and the other way round', () => {
  const declared = new Set<string>([
    ...ANYWHERE,
    ...BEHIND_THE_DOOR,
    // Of addresses that are no route, and of /readyz.
    ...['route_not_found', 'method_not_allowed', 'not_ready'],
    // Of what never became a request.
    ...['request_timeout', 'headers_too_large'],
    ...Object.values<Route>(routes).flatMap(r => r.problems ?? []),
  ])
  // These refusals cannot come over HTTP, which looks at the address and the type of a command first.
  for (const code of ['stream_not_found', 'command_unknown']) declared.add(code)
  assert.deepEqual([...declared].sort(), Object.keys(PROBLEMS).sort())
  for (const code of Object.keys(REFUSALS)) assert.ok(isProblemName(code), code)
})

test('the reference page lists every code with its status, both ways', () => {
  const page = readFileSync(join(ROOT, 'docs/reference/problems.md'), 'utf8')
  const listed = [...page.matchAll(/^\| (\d{3}) \| `(\w+)` \|/gm)].map(m => `${m[2]} ${m[1]}`)
  const wanted = Object.entries(PROBLEMS).map(([code, { status }]) => `${code} ${status}`)
  assert.deepEqual(listed.sort(), wanted.sort())
  assert.ok(page.includes(problemsTable()), 'run node scripts/docs-openapi.ts')
})

test('the place of a mistake in a JSON text', () => {
  const places: readonly (readonly [string, number])[] = [
    ['{"a":[1,2,{"b":null}],"c":tru}', 26],
    ['{"a":1 "b":2}', 7],
    ['[1,2', 4],
    ['[1,,2]', 3],
    ['{"a"}', 4],
    ['{"a":"\\x"}', 6],
    ['{"a":"\\u12G4"}', 6],
    ['[1] 2', 4],
    ['-', 0],
    ['[01]', 2],
    ['{"a":1,}', 7],
  ]
  for (const [text, offset] of places) assert.equal(flawOfJson(text).offset, offset, text)
})
