import { appendFile, readFile } from 'node:fs/promises'
import type * as z from 'zod'
import { codeOf } from '../platform/error.ts'

/** A file of one entry a line, that is only added to. */
export interface LineFile<E> {
  read(): Promise<E[]>
  append(entries: readonly E[]): Promise<void>
}

/** Lines that are no entries are passed over: the file may have been cut off. */
export const lineFile = <S extends z.ZodType>(path: string, schema: S): LineFile<z.output<S>> => ({
  async read() {
    const lines = (await textOf(path)).split('\n').filter(line => line.trim() !== '')
    return lines.flatMap(line => entryOf(line, schema))
  },
  async append(entries) {
    if (entries.length === 0) return
    // A line of its own also behind one that was cut off.
    await appendFile(path, `\n${entries.map(e => JSON.stringify(e)).join('\n')}\n`, { mode: 0o600 })
  },
})

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return ''
    throw error
  }
}

function entryOf<S extends z.ZodType>(line: string, schema: S): z.output<S>[] {
  try {
    return [schema.parse(JSON.parse(line))]
  } catch {
    return []
  }
}
