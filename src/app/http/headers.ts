import { randomBytes } from 'node:crypto'

type Headers = Readonly<Record<string, string>>

/** What every answer carries. A page that shows something replaces the policy by its own. */
export const SAFE_HEADERS: Headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': [
    // The warehouse pages may scan with the camera; nothing here needs the rest, and no frame gets any of it.
    'camera=(self), geolocation=(), microphone=(), payment=(), usb=(), serial=(), hid=(), midi=()',
    'display-capture=(), accelerometer=(), gyroscope=(), magnetometer=(), browsing-topics=()',
  ].join(', '),
  // Not `no-referrer`: browsers then hide `Origin` too, which we check.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
}

/** One year. Not for subdomains: they may be another's. Sent on TLS only, as RFC 6797 demands. */
export const HSTS: Headers = { 'strict-transport-security': 'max-age=31536000' }

/** Pages of the server itself: text and links, one style element, no script. */
export const PLAIN_PAGE: Headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
}

/** Where `index.html` of the console carries the nonce of its answer: `<meta name="csp-nonce" content="__CSP_NONCE__">`. */
export const NONCE_PLACE = '__CSP_NONCE__'

/**
 * The headers of one page of the console, and its text. Scripts come as files from here and from nowhere else; style
 * elements carry the nonce, since the component library writes them as it runs; style attributes are let through.
 */
export function consolePage(html: string): { readonly headers: Headers; readonly html: string } {
  const nonce = randomBytes(16).toString('base64')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ]
  return {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy.join('; ') },
    html: html.replaceAll(NONCE_PLACE, nonce),
  }
}
