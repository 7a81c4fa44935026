import { createTransport } from 'nodemailer'
import { SECOND } from '../kernel/instant.ts'

export interface MailConfig {
  /** `smtps://user:password@mail.example.com` or `smtp://...:587`. */
  readonly url: string
  /** `Andon <andon@example.com>`. */
  readonly from: string
}

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Sends mail through the company's own server. */
export interface Mailer {
  /** Resolves when the server took it. @throws Error when it did not */
  send(mail: Mail): Promise<void>
  close(): void
}

const PATIENCE = 15 * SECOND

export function openMailer({ url, from }: MailConfig): Mailer {
  const transport = createTransport({
    url,
    ...{ connectionTimeout: PATIENCE, greetingTimeout: PATIENCE, socketTimeout: PATIENCE },
    // Texts are ours; a path or an address in them must never make the library read it.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
  return {
    async send({ to, subject, text }) {
      // As an object, so that nothing in an address can become a second one.
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
    },
    close: () => transport.close(),
  }
}
