import { inflatedSize } from './zip.ts'

/**
 * What a file that somebody sends really is, told by its first bytes and never by its name or by what the sender says.
 * Whoever takes uploads asks this first, serves what was taken with the type told here, with `nosniff`, and as an
 * attachment unless it is an image.
 */
export type UploadKind = 'png' | 'jpeg' | 'gif' | 'webp' | 'pdf' | 'csv' | 'xlsx'

interface Kind {
  readonly type: string
  readonly extensions: readonly string[]
  is(bytes: Buffer): boolean
}

const startsWith = (bytes: Buffer, ...codes: readonly number[]): boolean => codes.every((code, i) => bytes[i] === code)
const textAt = (bytes: Buffer, at: number, text: string): boolean =>
  bytes.subarray(at, at + text.length).toString('latin1') === text

export const UPLOAD_KINDS: Readonly<Record<UploadKind, Kind>> = {
  png: {
    type: 'image/png',
    extensions: ['png'],
    is: b => startsWith(b, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  },
  jpeg: { type: 'image/jpeg', extensions: ['jpg', 'jpeg'], is: b => startsWith(b, 0xff, 0xd8, 0xff) },
  gif: { type: 'image/gif', extensions: ['gif'], is: b => textAt(b, 0, 'GIF87a') || textAt(b, 0, 'GIF89a') },
  webp: { type: 'image/webp', extensions: ['webp'], is: b => textAt(b, 0, 'RIFF') && textAt(b, 8, 'WEBP') },
  pdf: { type: 'application/pdf', extensions: ['pdf'], is: b => textAt(b, 0, '%PDF-') },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    extensions: ['xlsx'],
    is: b => startsWith(b, 0x50, 0x4b, 0x03, 0x04) && b.includes('[Content_Types].xml') && b.includes('xl/'),
  },
  // Last: it has no mark of its own. Text in UTF-8 that no browser would take for a page.
  csv: { type: 'text/csv; charset=utf-8', extensions: ['csv', 'txt'], is: isPlainText },
}

/** Beginnings that old browsers took for a page or a script, whatever the type said. */
const LOOKS_LIKE_PAGE = /^[\s\uFEFF]*<(!|\?|[a-z])/i
const CONTROLS = /[^\P{Cc}\t\r\n]/u

function isPlainText(bytes: Buffer): boolean {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return false
  }
  return !LOOKS_LIKE_PAGE.test(text) && !CONTROLS.test(text)
}

export interface UploadRules {
  readonly kinds: readonly UploadKind[]
  /** Bytes of the file. */
  readonly most: number
  /** Bytes of what a packed file unpacks to; default ten times `most`. */
  readonly mostUnpacked?: number
}

export type UploadRefusal = 'empty' | 'too_large' | 'not_allowed' | 'name_differs' | 'unpacks_to_too_much'

export type Upload =
  | { readonly ok: true; readonly kind: UploadKind; readonly type: string; readonly name: string }
  | { readonly ok: false; readonly why: UploadRefusal }

/** Judges a file before anything looks into it. */
export function judgeUpload(file: { readonly name: string; readonly bytes: Buffer }, rules: UploadRules): Upload {
  const { bytes } = file
  if (bytes.length === 0) return { ok: false, why: 'empty' }
  if (bytes.length > rules.most) return { ok: false, why: 'too_large' }
  const kind = rules.kinds.find(id => UPLOAD_KINDS[id].is(bytes))
  if (kind === undefined) return { ok: false, why: 'not_allowed' }
  const name = safeName(file.name, kind)
  // A page under the name of a picture, or the other way round: whoever opens it later goes by the name.
  if (!UPLOAD_KINDS[kind].extensions.includes(extensionOf(name))) return { ok: false, why: 'name_differs' }
  if (kind === 'xlsx') {
    const size = inflatedSize(bytes)
    if (size === null) return { ok: false, why: 'not_allowed' }
    if (size > (rules.mostUnpacked ?? rules.most * 10)) return { ok: false, why: 'unpacks_to_too_much' }
  }
  return { ok: true, kind, type: UPLOAD_KINDS[kind].type, name }
}

const LONGEST_NAME = 120

/** A file name without folders, control characters and whatever a header or a shell would take for its own. */
export function safeName(name: string, kind: UploadKind): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const clean = last.replace(/[\p{Cc}\p{Cf}\p{Cs}"'`<>|:*?;&$%]/gu, '').replace(/^[\s.]+|[\s.]+$/g, '')
  const extension = extensionOf(clean)
  if (clean === '' || clean === extension) return `file.${UPLOAD_KINDS[kind].extensions[0]}`
  if (clean.length <= LONGEST_NAME) return clean
  return `${clean.slice(0, LONGEST_NAME - extension.length - 1)}.${extension}`
}

const extensionOf = (name: string): string => (name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : '')
