import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { flawOfJson } from './json-text.ts'
import { ApiProblem } from './problem.ts'

/** Reads JSON bodies of the given content types; problems name the place. */
export function readJsonAs(app: FastifyInstance, types: readonly string[]): void {
  app.removeAllContentTypeParsers()
  for (const type of types)
    app.addContentTypeParser(type, { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => jsonOf(body))
}

/** @throws ApiProblem invalid_encoding, invalid_json */
export function jsonOf(body: Buffer): unknown {
  if (!isUtf8(body)) throw new ApiProblem('invalid_encoding', 'Send the body as UTF-8.')
  // Some senders begin with a byte order mark; RFC 8259 allows to ignore it.
  const text = body.toString('utf8').replace(/^\uFEFF/, '')
  try {
    return JSON.parse(text)
  } catch {
    const { offset, line, column } = flawOfJson(text)
    const where = offset >= text.length ? 'it ends too early' : `line ${line}, column ${column}`
    const detail = text.trim() === '' ? 'Send a JSON body.' : `The JSON has a mistake: ${where}.`
    throw new ApiProblem('invalid_json', detail, { more: { offset, line, column } })
  }
}
