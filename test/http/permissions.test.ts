import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { type OperationId, type Route, routes } from '../../src/contract/api/index.ts'
import { commandTypes, isCommandType, rightsOfCommand } from '../../src/contract/commands.ts'
import type { Principal } from '../../src/contract/principal.ts'
import { RIGHT_IDS, RIGHTS } from '../../src/contract/rights.ts'
import { rightsOf } from '../../src/modules/access/core-reach.ts'
import { BUILT_IN, rolesById } from '../../src/modules/access/core-roles.ts'
import { assertProblem, type Of, openApi, person } from './api.ts'
import { join, openCompany } from './company.ts'
import { PERMITTED, PUBLIC, ROLES } from './permissions.ts'

const api = await openApi()
const all = Object.entries<Route>(routes)

const holderOf = (role: string): Principal =>
  person(
    role,
    rightsOf([{ role, shops: null, warehouses: null }], rolesById([]), { actor: `user:${role}`, teamOwners: [] }),
  )

/** A request that nothing comes of: its door is asked first, and what comes after it finds no sense in it. */
function senseless({ method, path }: Route): InjectOptions {
  const url = path.replace(/\{\w+\}/g, 'x')
  if (method === 'GET') return { method, url: `${url}?no_such_parameter=1` }
  return { method, url, headers: { 'content-type': 'application/json' }, payload: '{"half' }
}

const isAllowed = (letters: string, i: number): boolean => letters === PUBLIC || letters[i] !== '-'

test('the table names every role that ships, and every route that there is', () => {
  assert.deepEqual(
    [...ROLES],
    BUILT_IN.map(role => role.id),
  )
  assert.deepEqual(Object.keys(PERMITTED).sort(), Object.keys(routes).sort())
  for (const letters of Object.values(PERMITTED))
    assert.ok(letters === PUBLIC || letters.length === ROLES.length, letters)
})

for (const [i, role] of ROLES.entries())
  test(`every route, asked by ${role}: open or closed as the table says`, async () => {
    const who = api.as(holderOf(role))
    const wrong: string[] = []
    for (const [id, route] of all) {
      const { status, body } = await who.raw<{ code?: string }>(senseless(route))
      const refused = status === 403 && body.code === 'not_allowed'
      if (refused === isAllowed(PERMITTED[id as OperationId], i)) wrong.push(`${id}: ${status} ${body.code}`)
    }
    assert.deepEqual(wrong, [])
  })

test('without a sign-in only public routes are open', async () => {
  const nobody = api.as(null)
  for (const [id, route] of all) {
    const { status, body } = await nobody.raw<{ code?: string }>(senseless(route))
    const refused = status === 401 && body.code === 'not_signed_in'
    assert.equal(refused, PERMITTED[id as OperationId] !== PUBLIC, `${id}: ${status} ${body.code}`)
  }
})

/** Those that look at the reach before they look at what was asked; test/http/reach.test.ts has all of them. */
const FIGURES_OF_ALL = ['getBacktest']

test('a narrowed role opens no route about the installation as a whole', async () => {
  const narrow = [{ role: 'administrator', shops: ['a'], warehouses: null }]
  const who = api.as(person('narrow', rightsOf(narrow, rolesById([]), { actor: 'user:narrow', teamOwners: [] })))
  const figures: string[] = []
  for (const [id, route] of all) {
    if (route.right === 'public' || route.right === 'signed_in') continue
    const { status, body } = await who.raw<{ code?: string }>(senseless(route))
    if (body.code === 'reach_narrowed') figures.push(id)
    else assert.equal(status === 403, RIGHTS[route.right].about === 'whole', id)
  }
  // Open to a role, and yet figures of all orders: the verb itself asks for all of them.
  assert.deepEqual(figures.sort(), FIGURES_OF_ALL)
})

test('every command names a right about what it changes, and its route asks for the same', () => {
  for (const [type, { right }] of Object.entries(commandTypes)) {
    assert.ok(isCommandType(type))
    assert.equal(RIGHTS[right].about, type.startsWith('case.') ? 'case' : 'order', type)
    assert.deepEqual(rightsOfCommand(type, {}), [right])
  }
})

test('people who really have a role have the rights that the table of roles says, and no other', async () => {
  const company = await openCompany()
  for (const role of BUILT_IN) {
    const who = await join(company, [{ role: role.id }])
    const { rights, missing, kind } = (await who.get<Of<'getMe'>>('/v1/me')).body
    assert.deepEqual(rights.map(r => r.right).sort(), Object.keys(role.cells).sort(), role.id)
    assert.equal(rights.length + missing.length, RIGHT_IDS.length)
    assert.ok(missing.every(m => m.why.zh.includes(m.right) && m.why.en.includes(m.right)))
    assert.equal(kind, role.id === 'guest' ? 'guest' : 'person')
    const reach = rights.find(r => r.right === 'case.read')?.reach
    if (role.id === 'guest') assert.ok(Array.isArray(reach) && reach[0]?.owners?.length === 1)
    assertProblem(
      await who.get('/v1/orders?limit=none'),
      role.cells['order.read'] ? 400 : 403,
      role.cells['order.read'] ? 'invalid_request' : 'not_allowed',
    )
  }
})
