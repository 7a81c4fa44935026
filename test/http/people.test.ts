import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertProblem, type Of, placed } from './api.ts'
import { ADMIN, type Browser, join, openBrowser, openCompany, tokenOf } from './company.ts'

const company = await openCompany()
const { api, ada } = company
const shops = ['a', 'b'] as const
for (const shop of shops) await api.tell(placed(`${shop}-1`, {}, { source: `/channels/${shop}` }))

const ordersOf = async (who: Browser): Promise<string[]> =>
  (await who.get<Of<'listOrders'>>('/v1/orders')).body.items.map(order => order.orderNo).sort()
const me = async (who: Browser): Promise<Of<'getMe'>> => (await who.get<Of<'getMe'>>('/v1/me')).body
const personAt = async (id: string): Promise<Of<'getPerson'>> =>
  (await ada.get<Of<'getPerson'>>(`/v1/people/${id}`)).body
/** A person who may manage people and nothing else that matters. */
const manager = async (): Promise<Browser & { id: string }> => {
  const id = `people_${++made}`
  const cells = {
    'user.read': 'all',
    'user.manage': 'all',
    'role.manage': 'all',
    'key.manage': 'all',
    'case.read': 'all',
  }
  assert.equal((await ada.post('/v1/roles', { id, name: { zh: '人事', en: 'People' }, cells })).status, 201)
  return join(company, [{ role: id }])
}
let made = 0

test('an invitation: a link shown once, a password of one’s own, a name that is taken is refused', async () => {
  const given = { name: 'Berta', mail: 'Berta.Klein@Example.com', teams: ['logistics'], roles: [{ role: 'logistics' }] }
  const first = await ada.post<{ person: Of<'getPerson'>; invitation: { sent: boolean; link: string } }>(
    '/v1/people',
    given,
  )
  assert.equal(first.status, 201)
  const { person, invitation } = first.body
  assert.deepEqual([person.handle, person.mail, person.status], ['berta.klein', 'berta.klein@example.com', 'invited'])
  assert.match(invitation.link, /^http:\/\/localhost:4680\/join#token=[\w-]{43}$/)
  assertProblem(await ada.post('/v1/people', given), 409, 'person_exists')
  assertProblem(await ada.post('/v1/people', { ...given, mail: 'x@example.com', handle: 'ada' }), 409, 'person_exists')
  assertProblem(
    await ada.post('/v1/people', { ...given, mail: 'x@example.com', roles: [{ role: 'king' }] }),
    404,
    'role_not_found',
  )
  const berta = openBrowser(api)
  const token = tokenOf(invitation.link)
  const look = (await berta.post<Of<'lookAtLink'>>('/v1/auth/link', { token })).body
  assert.deepEqual([look.kind, look.name, look.mail], ['invitation', 'Berta', 'berta.klein@example.com'])
  assertProblem(
    await berta.post('/v1/auth/reset', { token, password: 'seven copper moths recite' }),
    410,
    'link_invalid',
  )
  const named = await berta.post('/v1/auth/join', { token, password: 'berta.klein 1990' })
  assert.equal((assertProblem(named, 422, 'password_refused').more as { flaw: string }).flaw, 'names_you')
  assert.equal((await berta.post('/v1/auth/join', { token, password: 'seven copper moths recite' })).status, 200)
  assert.deepEqual([(await me(berta)).teams, (await me(berta)).hasPassword], [['logistics'], true])
  assertProblem(
    await berta.post('/v1/auth/join', { token, password: 'seven copper moths recite' }),
    410,
    'link_invalid',
  )
  assert.equal((await personAt(person.id)).status, 'active')
})

test('a new link voids the one before; of somebody who has joined it sets a new password', async () => {
  const someone = await ada.post<{ person: { id: string }; invitation: { link: string } }>('/v1/people', {
    ...{ name: 'Carl', mail: 'carl@example.com', roles: [] },
  })
  const { id } = someone.body.person
  const renewed = (await ada.post<{ link: string }>(`/v1/people/${id}/link`)).body.link
  const carl = openBrowser(api)
  const password = 'nine amber crates drifting'
  assertProblem(
    await carl.post('/v1/auth/join', { token: tokenOf(someone.body.invitation.link), password }),
    410,
    'link_invalid',
  )
  assert.equal((await carl.post('/v1/auth/join', { token: tokenOf(renewed), password })).status, 200)
  const reset = (await ada.post<{ link: string }>(`/v1/people/${id}/link`)).body.link
  assert.match(reset, /\/reset#token=/)
  const next = 'eleven tin lanterns swaying'
  assert.equal((await openBrowser(api).post('/v1/auth/reset', { token: tokenOf(reset), password: next })).status, 204)
  assertProblem(await carl.get('/v1/me'), 401, 'not_signed_in')
  assert.equal((await carl.post('/v1/auth/sign-in', { mail: 'carl@example.com', password: next })).status, 200)
})

test('a role counts at once, and over the shops that it was given for', async () => {
  const dora = await join(company, [{ role: 'customer_service', shops: ['a'] }])
  assert.deepEqual(await ordersOf(dora), ['a-1'])
  const { version } = await personAt(dora.id)
  const roles = [{ role: 'customer_service', shops: ['a', 'b'] }]
  assert.equal((await ada.post(`/v1/people/${dora.id}`, { version, roles })).status, 200)
  assert.deepEqual(await ordersOf(dora), ['a-1', 'b-1'])
  assertProblem(await ada.post(`/v1/people/${dora.id}`, { version, name: 'D' }), 409, 'person_changed')
  assert.equal((await ada.post(`/v1/people/${dora.id}`, { version: version + 1, roles: [] })).status, 200)
  assertProblem(await dora.get('/v1/orders'), 403, 'not_allowed')
})

test('disabled: out at once, and no link lets them in; enabled again, they sign in', async () => {
  const emil = await join(company, [{ role: 'finance' }])
  const link = (await ada.post<{ link: string }>(`/v1/people/${emil.id}/link`)).body.link
  assert.equal((await ada.post<Of<'disablePerson'>>(`/v1/people/${emil.id}/disable`)).body.status, 'disabled')
  assertProblem(await emil.get('/v1/me'), 401, 'not_signed_in')
  assertProblem(
    await emil.post('/v1/auth/reset', { token: tokenOf(link), password: 'seven copper moths recite' }),
    410,
    'link_invalid',
  )
  assertProblem(
    await emil.post('/v1/auth/sign-in', { mail: emil.mail, password: emil.password }),
    401,
    'sign_in_refused',
  )
  await ada.post(`/v1/people/${emil.id}/enable`)
  assert.equal((await emil.post('/v1/auth/sign-in', { mail: emil.mail, password: emil.password })).status, 200)
})

test('an administrator remains, whatever is tried', async () => {
  const { id } = await me(ada)
  const { version } = await personAt(id)
  assertProblem(await ada.post(`/v1/people/${id}/disable`), 409, 'last_administrator')
  assertProblem(await ada.post(`/v1/people/${id}`, { version, roles: [] }), 409, 'last_administrator')
  const narrowed = [{ role: 'administrator', shops: ['a'] }]
  assertProblem(await ada.post(`/v1/people/${id}`, { version, roles: narrowed }), 409, 'last_administrator')
  const second = await join(company, [{ role: 'administrator' }])
  const both = await Promise.all([ada.post(`/v1/people/${second.id}/disable`), second.post(`/v1/people/${id}/disable`)])
  assert.equal(both.filter(answer => answer.status === 200).length, 1, 'of two who disable each other one remains')
  const left = both[0]!.status === 200 ? ada : second
  await left.post(`/v1/people/${left === ada ? second.id : id}/enable`)
  assert.equal((await ada.post('/v1/auth/sign-in', { mail: ADMIN.mail, password: ADMIN.password })).status, 200)
})

test('nobody gives more than they have, or gets hold of who has more', async () => {
  const hr = await manager()
  const someone = { name: 'X', mail: 'x1@example.com' }
  assertProblem(
    await hr.post('/v1/people', { ...someone, roles: [{ role: 'administrator' }] }),
    403,
    'beyond_your_rights',
  )
  assertProblem(
    await hr.post('/v1/people', { ...someone, roles: [{ role: 'customer_service' }] }),
    403,
    'beyond_your_rights',
  )
  const own = await personAt(hr.id)
  assertProblem(
    await hr.post(`/v1/people/${hr.id}`, { version: own.version, roles: [{ role: 'administrator' }] }),
    403,
    'beyond_your_rights',
  )
  const { id } = await me(ada)
  for (const path of ['disable', 'link', 'totp/clear', 'sessions/end'])
    assertProblem(await hr.post(`/v1/people/${id}/${path}`), 403, 'beyond_your_rights')
  const cells = { 'order.read': 'all' }
  assertProblem(
    await hr.post('/v1/roles', { id: 'mine', name: { zh: '我', en: 'Mine' }, cells }),
    403,
    'beyond_your_rights',
  )
  assertProblem(
    await hr.post('/v1/keys', { handle: 'mine', name: 'Mine', rights: ['order.read'] }),
    403,
    'beyond_your_rights',
  )
  assert.equal(
    (await hr.post('/v1/people', { ...someone, roles: [{ role: 'guest' }] })).status,
    403,
    'work on cases is more',
  )
  assert.equal((await hr.post('/v1/people', { ...someone, roles: [] })).status, 201)
})

test('a role of one’s own: versions, in force at once for who has it, retired when nobody has it', async () => {
  const name = { zh: '查单', en: 'Look-up' }
  const made = await ada.post<Of<'changeRole'>>('/v1/roles', { id: 'look_up', name, cells: { 'order.read': 'all' } })
  assert.deepEqual([made.status, made.body.version, made.body.builtIn], [201, 1, false])
  assertProblem(await ada.post('/v1/roles', { id: 'look_up', name, cells: {} }), 409, 'role_exists')
  assertProblem(await ada.post('/v1/roles', { id: 'manager', name, cells: {} }), 409, 'role_exists')
  const wrong = await ada.post('/v1/roles', { id: 'odd', name, cells: { 'order.read': 'own' } })
  assert.equal(assertProblem(wrong, 400, 'invalid_request').errors?.[0]?.pointer, '/cells/order.read')
  const fay = await join(company, [{ role: 'look_up' }])
  assert.equal((await ordersOf(fay)).length, 2)
  assertProblem(await fay.get('/v1/cases'), 403, 'not_allowed')
  const cells = { 'case.read': 'own' }
  const changed = await ada.post<Of<'changeRole'>>('/v1/roles/look_up', { version: 1, name, cells })
  assert.deepEqual([changed.status, changed.body.version], [200, 2])
  assertProblem(await fay.get('/v1/orders'), 403, 'not_allowed')
  assert.equal((await fay.get('/v1/cases')).status, 200)
  assertProblem(await ada.post('/v1/roles/look_up', { version: 1, name, cells }), 409, 'role_changed')
  assertProblem(await ada.post('/v1/roles/manager', { version: 1, name, cells }), 409, 'role_built_in')
  assertProblem(await ada.post('/v1/roles/look_up/retire', { version: 2 }), 409, 'role_in_use')
  const { version } = await personAt(fay.id)
  await ada.post(`/v1/people/${fay.id}`, { version, roles: [] })
  assert.equal((await ada.post('/v1/roles/look_up/retire', { version: 2 })).status, 200)
  const listed = (await ada.get<Of<'listRoles'>>('/v1/roles')).body.items
  assert.deepEqual(
    listed.filter(role => !role.builtIn && role.id === 'look_up').map(role => role.retired),
    [true],
  )
  const versions = (await ada.get<Of<'listRoleVersions'>>('/v1/roles/look_up/versions')).body.items
  assert.deepEqual(
    versions.map(v => [v.version, v.actor, v.retired]),
    [
      [3, 'user:ada', true],
      [2, 'user:ada', false],
      [1, 'user:ada', false],
    ],
  )
  assertProblem(
    await ada.post('/v1/people', { name: 'Y', mail: 'y@example.com', roles: [{ role: 'look_up' }] }),
    404,
    'role_not_found',
  )
})

test('the team’s cases are those of the team and of everybody in it', async () => {
  const [gus, hal, ivy] = [
    await join(company, [{ role: 'guest' }], { teams: ['sf'] }),
    await join(company, [{ role: 'guest' }], { teams: ['sf'] }),
    await join(company, [{ role: 'guest' }], { teams: ['yto'] }),
  ]
  const names = await Promise.all([gus, hal, ivy].map(me))
  const ownersOf = (i: number) => {
    const reach = names[i]!.rights.find(r => r.right === 'case.read')!.reach
    return reach === 'all' ? [] : [...(reach[0]!.owners ?? [])].sort()
  }
  const [a, b, c] = names.map(n => n.actor)
  assert.deepEqual(ownersOf(0), ['team:sf', a, b].sort())
  assert.deepEqual(ownersOf(2), ['team:yto', c].sort())
  assert.equal(names[0]!.kind, 'guest')
  assertProblem(await gus.get('/v1/people'), 403, 'not_allowed')
})

test('colleagues are known by name; their mail addresses only to who manages people', async () => {
  const jan = await join(company, [{ role: 'warehouse' }], { name: '王小明' })
  const all = (await ada.get<Of<'listPeople'>>('/v1/people?limit=200')).body.items
  assert.ok(all.every(person => person.mail !== null))
  const seen = (await jan.get<Of<'listPeople'>>('/v1/people?q=小明')).body.items
  assert.deepEqual(
    seen.map(person => [person.name, person.mail]),
    [['王小明', null]],
  )
  assert.deepEqual(
    (await jan.get<Of<'listPeople'>>('/v1/people?q=%25')).body.items,
    [],
    'a sign of a pattern is a sign',
  )
  for (const [who, n] of [
    [ada, 1],
    [jan, 0],
  ] as const)
    assert.equal(
      (await who.get<Of<'listPeople'>>(`/v1/people?q=${jan.mail}`)).body.items.length,
      n,
      'nor found by them',
    )
  const first = (await ada.get<Of<'listPeople'>>('/v1/people?limit=2')).body
  const rest = (await ada.get<Of<'listPeople'>>(`/v1/people?limit=200&cursor=${first.next}`)).body
  assert.deepEqual(
    [...first.items, ...rest.items].map(p => p.handle),
    all.map(p => p.handle),
  )
})

test('whose link one may make is who one may be: only people whose rights one has', async () => {
  const cells = { 'user.manage': 'all', 'user.read': 'all' }
  await ada.post('/v1/roles', { id: 'desk', name: { zh: '台', en: 'Desk' }, cells })
  const desk = await join(company, [{ role: 'desk' }])
  const peer = await join(company, [{ role: 'desk' }])
  assert.equal((await desk.post(`/v1/people/${peer.id}/link`)).status, 200)
  const other = await join(company, [{ role: 'auditor' }])
  assertProblem(await desk.post(`/v1/people/${other.id}/link`), 403, 'beyond_your_rights')
})
