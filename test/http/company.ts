import { createHmac } from 'node:crypto'
import { firstRunLink } from '../../src/modules/access/index.ts'
import { type Answer, type Api, type ApiOptions, openApi } from './api.ts'

/** What a person has before them: keeps cookies, and says that requests come from a page of ours. */
export interface Browser {
  /** By name. */
  readonly cookies: Map<string, string>
  /** The `Set-Cookie` lines of the last answer. */
  readonly setCookies: readonly string[]
  get<B = unknown>(path: string, headers?: Record<string, string>): Promise<Answer<B>>
  post<B = unknown>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<B>>
}

/** @param address where it is */
export function openBrowser(api: Api, address = '127.0.0.1', agent = 'test browser'): Browser {
  const cookies = new Map<string, string>()
  let setCookies: readonly string[] = []
  const send = async <B>(
    method: 'GET' | 'POST',
    path: string,
    { body, headers }: { body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer<B>> => {
    const answer = await api.app.inject({
      ...{ method, url: path, remoteAddress: address },
      headers: {
        ...{ host: 'localhost:4680', 'sec-fetch-site': 'same-origin', 'user-agent': agent },
        ...(cookies.size > 0 && { cookie: [...cookies].map(pair => pair.join('=')).join('; ') }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    })
    setCookies = [answer.headers['set-cookie'] ?? []].flat()
    for (const line of setCookies) keep(cookies, line)
    const json = /[/+]json/.test(String(answer.headers['content-type']))
    const said = json && answer.body !== '' ? JSON.parse(answer.body) : answer.body
    return { status: answer.statusCode, headers: answer.headers, body: said as B }
  }
  return {
    cookies,
    get setCookies() {
      return setCookies
    },
    get: (path, headers) => send('GET', path, { headers }),
    post: (path, body, headers) => send('POST', path, { body: body ?? {}, headers }),
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';')
  const at = pair.indexOf('=')
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
  if (value === '' || /max-age=0/i.test(line)) cookies.delete(name)
  else cookies.set(name, value)
}

export const ADMIN = { name: 'Ada', mail: 'ada@example.com', password: 'wooden lamp vexing otter' }

/** A server with its first administrator, who is signed in. */
export async function openCompany(options: ApiOptions = {}): Promise<{ api: Api; ada: Browser }> {
  const api = await openApi(options)
  const ada = openBrowser(api)
  const token = tokenOf((await firstRunLink(api.access)) ?? '')
  const answer = await ada.post('/v1/auth/setup', { ...ADMIN, token })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return { api, ada }
}

export const tokenOf = (link: string): string => link.replace(/^.*(token=|\/link\/)/, '')

let made = 0

/** Somebody invited by the administrator, who joined and is signed in. */
export async function join(
  { api, ada }: { api: Api; ada: Browser },
  roles: readonly object[],
  more: { name?: string; teams?: readonly string[]; password?: string } = {},
): Promise<Browser & { readonly id: string; readonly mail: string; readonly password: string }> {
  const n = ++made
  const mail = `person${n}@example.com`
  const { password = `quiet harbour ${n} brass kettle`, name = `Person ${n}`, teams = [] } = more
  const invited = await ada.post<{ person: { id: string }; invitation: { link: string } }>('/v1/people', {
    ...{ name, mail, teams, roles },
  })
  if (invited.status !== 201) throw new Error(JSON.stringify(invited.body))
  const browser = openBrowser(api)
  const token = tokenOf(invited.body.invitation.link)
  const joined = await browser.post('/v1/auth/join', { token, password })
  if (joined.status !== 200) throw new Error(JSON.stringify(joined.body))
  return Object.assign(browser, { id: invited.body.person.id, mail, password })
}

/** What an authenticator shows (RFC 6238). @param at epoch ms */
export function totpCode(uri: string, at: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const digest = createHmac('sha1', base32(new URL(uri).searchParams.get('secret') ?? ''))
    .update(counter)
    .digest()
  const offset = digest[19]! & 15
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function base32(text: string): Buffer {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...text.replace(/=+$/, '')].map(c => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('')
  return Buffer.from(bits.match(/.{8}/g)?.map(byte => Number.parseInt(byte, 2)) ?? [])
}
