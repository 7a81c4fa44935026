import assert from 'node:assert/strict'
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type TestContext, test } from 'node:test'
import { createZstdCompress } from 'node:zlib'
import { newIdentity } from '../../src/platform/backup/age-keys.ts'
import { type ArchiveEntry, readArchive, writeArchive } from '../../src/platform/backup/archive.ts'
import { putEntry } from '../../src/platform/backup/cluster-copy.ts'
import { asNode, type Header, pack as newTar } from '../../src/platform/backup/tar.ts'
import { scratchDir } from '../support/process.ts'

const never = new AbortController().signal
const NO_KEY = { identities: [] }
const LONG = `${'a'.repeat(90)}/${'b'.repeat(90)}`
const FILES: Readonly<Record<string, Buffer>> = {
  'one.txt': Buffer.from('one'),
  empty: Buffer.alloc(0),
  [LONG]: Buffer.alloc(300_000, 7),
}

const read = (path: string, take: (entry: ArchiveEntry) => Promise<void> = async () => {}) =>
  readArchive({ path, unlock: NO_KEY, stop: never }, take)

async function made(t: TestContext): Promise<string> {
  const path = join(scratchDir(t), 'x.tar.zst')
  await writeArchive({ path, lock: undefined, stop: never }, async archive => {
    await archive.directory('folder')
    for (const [name, content] of Object.entries(FILES)) await archive.text(name, content)
  })
  return path
}

test('what is put in comes out, and is listed with its checksum', async t => {
  const seen: Record<string, Buffer> = {}
  const manifest = await read(await made(t), async ({ name, kind, content }) => {
    if (kind === 'file') seen[name] = await buffer(content)
  })
  assert.deepEqual(seen, FILES)
  assert.deepEqual(Object.keys(manifest), Object.keys(FILES))
  assert.equal(manifest['one.txt']?.sha256, '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed')
})

test('content that nobody wants is checked all the same', async t => {
  assert.deepEqual(Object.keys(await read(await made(t))), Object.keys(FILES))
})

test('a file that was cut off or changed anywhere is told, whatever is hit', async t => {
  const path = await made(t)
  const whole = readFileSync(path)
  for (const share of [0, 0.1, 0.5, 0.8, 0.9]) {
    writeFileSync(path, whole)
    truncateSync(path, Math.floor(whole.length * share))
    await assert.rejects(read(path), { code: 'BACKUP_DAMAGED' }, `cut at ${share}`)
  }
  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 40)) {
    const changed = Buffer.from(whole)
    changed[at] = (changed[at] ?? 0) ^ 0x10
    writeFileSync(path, changed)
    // In the checksum and length of the compression, eight bytes behind everything, a change may go unseen: the content was checked.
    if (at < whole.length - 8)
      await assert.rejects(read(path), { code: 'BACKUP_DAMAGED' }, `byte ${at} of ${whole.length}`)
  }
})

/** An archive of somebody else's making. */
async function forged(
  t: TestContext,
  entries: readonly (readonly [Partial<Header> & { name: string }, string])[],
): Promise<string> {
  const path = join(scratchDir(t), 'forged.tar.zst')
  const tar = newTar()
  for (const [header, content] of entries) tar.entry(header, content)
  tar.finalize()
  await pipeline(asNode<Readable>(tar), createZstdCompress(), createWriteStream(path))
  return path
}

const MANIFEST = [{ name: 'manifest.json' }, '{"files":{}}'] as const

test('an archive cannot write outside of where it is unpacked', async t => {
  const home = scratchDir(t)
  const into = join(home, 'into')
  mkdirSync(into)
  for (const name of ['../out', 'a/../../out', '/tmp/andon-out', 'a//b', './../out', 'C:\\out', 'a\\..\\out', '..']) {
    const path = await forged(t, [[{ name }, 'x'], MANIFEST])
    await assert.rejects(
      read(path, entry => putEntry(into, entry)),
      { code: 'BACKUP_DAMAGED' },
      name,
    )
  }
  for (const type of ['symlink', 'link', 'character-device', 'fifo'] as const) {
    const path = await forged(t, [[{ name: 'x', type, linkname: '/etc/passwd' }, ''], MANIFEST])
    await assert.rejects(
      read(path, entry => putEntry(into, entry)),
      { code: 'BACKUP_DAMAGED' },
      type,
    )
  }
  assert.deepEqual(readdirSync(home), ['into'])
  assert.deepEqual(readdirSync(into), [])
  assert.ok(!existsSync('/tmp/andon-out'))
})

test('a second file of the same name does not take the place of the first', async t => {
  const path = await forged(t, [[{ name: 'a' }, '1'], [{ name: 'a' }, '2'], MANIFEST])
  await assert.rejects(read(path, entry => putEntry(scratchDir(t), entry)))
})

test('a file that the manifest does not name, or names otherwise, is told', async t => {
  const listed = (files: object) => [{ name: 'manifest.json' }, JSON.stringify({ files })] as const
  const path = (files: object) => forged(t, [[{ name: 'a' }, 'x'], listed(files)])
  const right = { size: 1, sha256: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881' }
  await read(await path({ a: right }))
  for (const files of [{}, { a: { ...right, size: 2 } }, { a: { ...right, sha256: '00' } }, { a: right, b: right }])
    await assert.rejects(read(await path(files)), { code: 'BACKUP_DAMAGED' })
  await assert.rejects(read(await forged(t, [[{ name: 'a' }, 'x']])), { code: 'BACKUP_DAMAGED' })
})

test('what breaks off leaves nothing behind', async t => {
  const home = scratchDir(t)
  const path = join(home, 'x.tar.zst')
  const broken = writeArchive({ path, lock: undefined, stop: never }, async archive => {
    await archive.text('a', 'a')
    throw new Error('the source broke')
  })
  await assert.rejects(broken, /the source broke/)
  const stop = new AbortController()
  const stopped = writeArchive(
    { path, lock: { recipients: [newIdentity().recipient] }, stop: stop.signal },
    async archive => {
      await archive.text('a', 'a')
      stop.abort()
      await archive.file('b', 10 ** 9, Readable.from([]))
    },
  )
  await assert.rejects(stopped)
  await assert.rejects(
    writeArchive({ path: join(home, 'none', 'x'), lock: undefined, stop: never }, async archive =>
      archive.text('a', 'a'),
    ),
  )
  assert.deepEqual(readdirSync(home), [])
})
