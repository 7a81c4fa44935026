import { HOUR, MINUTE } from '../kernel/instant.ts'
import { SESSION_LIFE, type SsoProvider } from '../modules/access/index.ts'
import type { MailConfig } from '../platform/mail.ts'
import type { AccessConfig } from './access.ts'
import { UsageError } from './cli/usage-error.ts'
import { type Environment, given, secretOf } from './environment.ts'

/** @throws UsageError with what to change */
export function accessConfig(env: Environment): AccessConfig {
  const idle = span('ANDON_SESSION_IDLE', given(env.ANDON_SESSION_IDLE), { unit: MINUTE, name: 'minutes', most: 1440 })
  const longest = span('ANDON_SESSION_LONGEST', given(env.ANDON_SESSION_LONGEST), {
    unit: HOUR,
    name: 'hours',
    most: 720,
  })
  return {
    sso: ssoOf(env),
    mail: mailOf(env),
    idle: idle ?? SESSION_LIFE.idle,
    longest: longest ?? SESSION_LIFE.longest,
  }
}

function span(
  name: string,
  text: string | undefined,
  { unit, name: what, most }: { unit: number; name: string; most: number },
): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value * unit
  throw new UsageError(`${name} must be a whole number of ${what} from 1 to ${most}.`)
}

const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]'])

function ssoOf(env: Environment): SsoProvider[] {
  const issuer = given(env.ANDON_OIDC_ISSUER)
  const clientId = given(env.ANDON_OIDC_CLIENT_ID)
  const clientSecret = secretOf(env, 'ANDON_OIDC_CLIENT_SECRET')
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) return []
  if (issuer === undefined || clientId === undefined || clientSecret === undefined)
    throw new UsageError(
      'ANDON_OIDC_ISSUER, ANDON_OIDC_CLIENT_ID and ANDON_OIDC_CLIENT_SECRET belong together: set all three.',
    )
  const url = URL.parse(issuer)
  // Whoever can read or change what the provider says could sign in as anybody.
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL.has(url.hostname))
  if (!isSafe) throw new UsageError('ANDON_OIDC_ISSUER must be an https address.')
  return [{ id: 'sso', name: given(env.ANDON_OIDC_NAME) ?? url?.hostname ?? 'SSO', issuer, clientId, clientSecret }]
}

function mailOf(env: Environment): MailConfig | undefined {
  const url = secretOf(env, 'ANDON_SMTP_URL')
  const from = given(env.ANDON_MAIL_FROM)
  if (url === undefined && from === undefined) return undefined
  if (url === undefined || from === undefined)
    throw new UsageError('ANDON_SMTP_URL and ANDON_MAIL_FROM belong together: set both, or neither.')
  if (!/^smtps?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new UsageError('ANDON_SMTP_URL must be smtps://user:password@mail.example.com, or smtp:// with a port.')
  if (!/^[^<>\r\n]*<[^@\s<>]+@[^@\s<>]+>$|^[^@\s<>]+@[^@\s<>]+$/.test(from))
    throw new UsageError('ANDON_MAIL_FROM must be a mail address: Andon <andon@example.com>.')
  return { url, from }
}
