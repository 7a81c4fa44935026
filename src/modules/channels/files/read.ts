import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ChannelError } from '../types.ts'
import { type CsvRecord, csvSplitter } from './core-csv.ts'

/**
 * Records of a CSV file in UTF-8, with or without gzip, in batches of one chunk: memory does not depend on its size.
 * Throws ChannelError `file_unreadable` when the file cannot be read to its end.
 */
export async function* readCsv(path: string): AsyncGenerator<CsvRecord[]> {
  const splitter = csvSplitter()
  let first = true
  try {
    for await (const chunk of await textOf(path)) {
      const text = String(chunk)
      yield splitter.push(first && text.startsWith('\uFEFF') ? text.slice(1) : text)
      first = false
    }
  } catch (error) {
    // The file system and zlib set a code; an error without one is a bug of ours and must look like one.
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new ChannelError('file_unreadable', `${path} cannot be read to its end (${error.message}): copy it again`)
  }
  yield splitter.end()
}

async function textOf(path: string): Promise<Readable> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 })
  if (!(await isGzip(path))) return file.setEncoding('utf8')
  // pipeline, not pipe: a read error must end the reader and not leave it waiting. It reaches the reader by destroy.
  return pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), () => {}).setEncoding('utf8')
}

/** By content and not by name: people rename files and browsers unpack them. */
async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await handle.close()
  }
}
