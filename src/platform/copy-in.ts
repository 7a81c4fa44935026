import pg from 'pg'

/**
 * COPY ... FROM STDIN with its rows in the same write: the server is not asked first, so it fits into a flight of
 * statements on a pipelined connection. What a failed COPY leaves unread, the server skips. Much cheaper for it than rows
 * inside a JSON parameter (bench ingest-together).
 */
class CopyIn extends pg.Query {
  constructor(call: { text: string; rows: string; done: (error: Error | undefined, result: pg.QueryResult) => void }) {
    super(call.text, call.done as never)
    this.submit = connection => {
      connection.query(call.text)
      connection.stream.write(dataOf(call.rows))
    }
  }

  /** The server is ready for rows that were sent already. */
  handleCopyInResponse(): void {}
}

export const copyIn = (client: pg.ClientBase, text: string, rows: string): Promise<pg.QueryResult> =>
  new Promise((resolve, reject) => {
    const done = (error: Error | undefined, result: pg.QueryResult) => (error ? reject(error) : resolve(result))
    client.query(new CopyIn({ text, rows, done }))
  })

const HEADER = 5
const COPY_DATA = 0x64
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4])

/** The messages CopyData and CopyDone. */
function dataOf(rows: string): Buffer {
  const size = Buffer.byteLength(rows)
  const message = Buffer.allocUnsafe(HEADER + size + COPY_DONE.length)
  message[0] = COPY_DATA
  message.writeInt32BE(size + 4, 1)
  message.write(rows, HEADER, 'utf8')
  COPY_DONE.copy(message, HEADER + size)
  return message
}

const SPECIAL = /[\\\t\n\r]/
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** A text that the server could keep and never read again. Its code is the server's own for such a text. */
export class Unstorable extends Error {
  readonly code = '22P05'
}

/** A value as it stands in the rows of a COPY; null is `\N`. NUL is left to the server, which refuses it. */
export function copyField(value: string | null): string {
  if (value === null) return '\\N'
  // On the wire it would silently become another text than the one that was hashed.
  if (!value.isWellFormed()) throw new Unstorable('a text holds half of a character')
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, c => ESCAPES[c]!) : value
}

// NUL and halves of characters as JSON.stringify writes them, behind an even number of backslashes.
const UNREADABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i

/** JSON text in the rows of a COPY. A json column takes escapes that no function of the server can read: they are refused. */
export function copyJson(text: string): string {
  if (text.includes('\\u') && UNREADABLE.test(text)) throw new Unstorable('a text holds NUL or half of a character')
  return copyField(text)
}
