import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Clock } from '../platform/clock.ts'
import { messageOf } from '../platform/error.ts'
import type { Log } from '../platform/log.ts'
import { UsageError } from './cli/usage-error.ts'
import type { TlsFiles } from './config-door.ts'
import type { Certificate } from './http/listener.ts'

const LOOK_EVERY = 60_000

/** The certificate as it is now. @throws UsageError when the files are no certificate and its key */
export function readCertificate(files: TlsFiles): Certificate {
  const cert = textOf('ANDON_TLS_CERT', files.cert)
  const key = textOf('ANDON_TLS_KEY', files.key)
  let fits: boolean
  try {
    fits = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    throw new UsageError(`${files.cert} and ${files.key} must hold a certificate and its private key, both as PEM.`)
  }
  if (!fits)
    throw new UsageError(`The private key in ${files.key} does not belong to the certificate in ${files.cert}.`)
  return { cert, key }
}

function textOf(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new UsageError(`${name} names ${path}, which cannot be read.`)
  }
}

/**
 * A look at the files that puts a changed certificate to use. A certificate that cannot be used, perhaps because only
 * one of the two files is there yet, leaves the old one in place and is told.
 */
export function renewal(files: TlsFiles, renew: (next: Certificate) => void, log: Log): () => void {
  let current = readCertificate(files)
  return () => {
    try {
      const next = readCertificate(files)
      if (next.cert === current.cert && next.key === current.key) return
      renew(next)
      current = next
      log.info('the certificate was renewed', { until: new X509Certificate(next.cert).validTo })
    } catch (error) {
      log.warn('the new certificate cannot be used; the old one stays', { reason: messageOf(error) })
    }
  }
}

/** Looks once a minute until `stop`. */
export async function keepRenewing(look: () => void, clock: Clock, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await clock.sleepUntil(clock.now() + LOOK_EVERY, stop)
    if (!stop.aborted) look()
  }
}
