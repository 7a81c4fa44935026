import { whyNot } from '../../../contract/access.ts'
import type { Answer, Routes } from '../../../contract/api/index.ts'
import type { Principal, Scope } from '../../../contract/principal.ts'
import { RIGHT_IDS, RIGHTS } from '../../../contract/rights.ts'
import { isoOf } from '../../../kernel/instant.ts'
import {
  type By,
  changeMyself,
  changePassword,
  confirmTotp,
  deviceOf,
  endMySessions,
  myself,
  newRecoveryCodes,
  passwordHash,
  personById,
  sessionsOf,
  startTotp,
  stopTotp,
} from '../../../modules/access/index.ts'
import type { HttpDeps } from '../deps.ts'
import type { Caller, Handlers } from '../serve.ts'
import { cookieHeader, knockOf } from './sign-in.ts'

type Operation =
  | 'getMe'
  | 'changeMe'
  | 'changePassword'
  | 'listMySessions'
  | 'endMySession'
  | 'endMyOtherSessions'
  | 'startTotp'
  | 'confirmTotp'
  | 'stopTotp'
  | 'renewRecoveryCodes'

type Me = Answer<Routes['getMe']>['body']

export const byOf = ({ principal, who }: Caller): By => ({ principal, who })

export function accountHandlers(deps: HttpDeps): Pick<Handlers, Operation> {
  const { access } = deps
  return {
    async getMe(_asked, { principal }) {
      return { status: 200, body: await meOf(deps, principal) }
    },
    async changeMe({ body: { name, language } }, caller) {
      await changeMyself(access, byOf(caller), { name, language })
      return { status: 200, body: await meOf(deps, caller.principal) }
    },
    async changePassword({ body: { present, next } }, caller) {
      const asked = { knock: knockOf(caller), before: present, next }
      return { status: 200, body: { ended: await changePassword(access, byOf(caller), asked) } }
    },
    async listMySessions(_asked, caller) {
      const { id } = await myself(access, byOf(caller))
      const sessions = await sessionsOf(access.db, id, access.now())
      const items = sessions.map(({ createdAt, usedAt, expiresAt, ...rest }) => ({
        ...{ ...rest, ...deviceOf(rest.agent), present: rest.id === caller.principal.via },
        ...{ createdAt: isoOf(createdAt), usedAt: isoOf(usedAt), expiresAt: isoOf(expiresAt) },
      }))
      return { status: 200, body: { items } }
    },
    async endMySession({ params: { id } }, caller) {
      return { status: 200, body: { ended: await endMySessions(access, byOf(caller), id) } }
    },
    async endMyOtherSessions(_asked, caller) {
      return { status: 200, body: { ended: await endMySessions(access, byOf(caller), undefined) } }
    },
    async startTotp({ body: { password } }, caller) {
      const { uri, recoveryCodes } = await startTotp(access, byOf(caller), { knock: knockOf(caller), password })
      return { status: 200, body: { uri, recoveryCodes: [...recoveryCodes] } }
    },
    async confirmTotp({ body: { code } }, caller) {
      const cookies = await confirmTotp(access, byOf(caller), { knock: knockOf(caller), code })
      return { status: 204, body: undefined, headers: cookieHeader(cookies) }
    },
    async stopTotp({ body: { password } }, caller) {
      const cookies = await stopTotp(access, byOf(caller), { knock: knockOf(caller), password })
      return { status: 204, body: undefined, headers: cookieHeader(cookies) }
    },
    async renewRecoveryCodes({ body: { password } }, caller) {
      const recoveryCodes = await newRecoveryCodes(access, byOf(caller), { knock: knockOf(caller), password })
      return { status: 200, body: { recoveryCodes: [...recoveryCodes] } }
    },
  }
}

async function meOf({ access }: HttpDeps, principal: Principal): Promise<Me> {
  const { id, kind, name, actor, rights } = principal
  const isPerson = kind === 'person' || kind === 'guest'
  const person = isPerson ? await personById(access.db, id) : null
  const hasPassword = person !== null && (await passwordHash(access.db, id)) !== null
  return {
    ...{ id, kind, name: person?.name ?? name, actor, mail: person?.mail ?? null, language: person?.language ?? null },
    ...{ teams: [...(person?.teams ?? [])], roles: [...new Set(person?.assignments.map(a => a.role))] },
    ...{ twoFactor: person?.twoFactor ?? false, hasPassword },
    rights: RIGHT_IDS.flatMap(right => {
      const reach = rights[right]
      if (reach === undefined) return []
      const { zh, en } = RIGHTS[right]
      return [{ right, name: { zh, en }, reach: reach === 'all' ? reach : reach.map(scopeOf) }]
    }),
    missing: RIGHT_IDS.filter(right => rights[right] === undefined).map(right => ({
      right,
      why: { ...whyNot(right) },
    })),
  }
}

const scopeOf = ({ shops, warehouses, owners }: Scope) => ({
  ...(shops && { shops: [...shops] }),
  ...(warehouses && { warehouses: [...warehouses] }),
  ...(owners && { owners: [...owners] }),
})
