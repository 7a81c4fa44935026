import { createHmac } from 'node:crypto'
import { isoOf, SECOND } from '../kernel/instant.ts'
import type { Delivery, OutMessage } from '../pipeline/dispatch.ts'
import type { Clock } from '../platform/clock.ts'
import { outbound } from '../platform/outbound/request.ts'
import type { WebhookConfig } from './config.ts'

const TIMEOUT = 10 * SECOND

/**
 * Delivers messages to one address as Standard Webhooks (standardwebhooks.com): `webhook-id`, `webhook-timestamp`
 * (seconds) and `webhook-signature: v1,<base64 of HMAC-SHA-256 over id.timestamp.body>`. Taken is what got a 2xx.
 */
export function webhookDelivery(config: WebhookConfig, clock: Clock): Delivery {
  const post = outbound({ allowed: config.allowed })
  return async (message, signal) => {
    const body = bodyOf(message)
    const timestamp = String(Math.floor(clock.now() / SECOND))
    const { status } = await post({
      url: config.url,
      headers: {
        'content-type': 'application/json',
        'webhook-id': message.id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signatureOf(config.secret, { id: message.id, timestamp, body }),
      },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    })
    if (status < 200 || status > 299) throw new Error(`the webhook answered ${status}`)
  }
}

export function signatureOf(secret: Buffer, signed: { id: string; timestamp: string; body: string }): string {
  const text = `${signed.id}.${signed.timestamp}.${signed.body}`
  return `v1,${createHmac('sha256', secret).update(text).digest('base64')}`
}

function bodyOf({ type, createdAt, stream, body }: OutMessage): string {
  const said: object = JSON.parse(body)
  return JSON.stringify({ type, timestamp: isoOf(createdAt), data: { stream, ...said } })
}
