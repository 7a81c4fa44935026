import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { decrypt, encrypt } from './age.ts'
import { type Lock, newIdentity, type Unlock } from './age-keys.ts'
import { bech32Of, bytesOfBech32 } from './bech32.ts'

// Written by typage 0.3.1, the library of age's author, for this identity (the second of two) and for this passphrase.
const IDENTITY = 'AGE-SECRET-KEY-1LRSKE7P5TV7EZH3UJ3ZXJ64U0TXFTU6KREQYJHZ2JWG8F6SWZ49QPYFX5N'
const RECIPIENT = 'age1xyzsnrvy0rwsu4fz0l2tzcuz8v0swx7qt7px0khfsnnphy9tweus4wg5jw'
const FOR_IDENTITY =
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBMd01TL1pkVVNhL21yZm9Wd1lYQ1J5UGVLZkhmMS9uM3gvbWxHN1huQ1NvClVqRjZnVWtIR2gzVVQraTBwWmtTN1E5aTA0bW15RjVZTERmeWVwb21sOGsKLT4gWDI1NTE5IDFoZmRVaXIwajZnRHdqWXpkb09FV0tkQVpZMm15anZDSVBCVDhKYldlWDAKUWxzZVNVaHBkeDNkUmlBM2VCU1ZHSCtLZys2aTZlQS84Z1pqQXpVTkpTawotLS0gOWJuaFQ2emUzQ3dGVTNOb2pKL1h6Q2Y0VmJtRlkwZ0hYTEExemc1ZXRrVQpzuMXz97fbo+79CRUkYkkzY5mmxvoqHNq5OWZMohVMoVfXYyj9Zl9kSjGgF5sRUxYpmm+6TZMcsg=='
const FOR_PASSPHRASE =
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCB3OW9oRW1vMmRYdDdVZ0paQWVWYmpRIDEyCk1NMUlGaklyWHIwUnJJbmVXQnlrdTRGZUxWRVdTdjN3Y3Q1MzRuTGhyWW8KLS0tIFQvU0VXbG9RZnJGR2hjK25oc2RWSnQ4VFIyV0JqeGtIMWpha0VPWGRzSXMKNJbj0+QwjRiqPI3FDlpJ94WJfFSKbDWAJUHoqFQwItq4097jmZwuz1vLA3RqyHiVpxRsifNFhJA='
const TEXT = 'hello of another program'

const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64')

const locked = (data: Buffer, lock: Lock): Promise<Buffer> =>
  buffer(Readable.from([data]).pipe(encrypt(lock, { logN: 10 })))

/** In pieces of any size, as a file or a network gives them. */
async function opened(data: Buffer, unlock: Unlock, piece = 7919): Promise<Buffer> {
  const pieces = Array.from({ length: Math.ceil(data.length / piece) }, (_, i) =>
    data.subarray(i * piece, (i + 1) * piece),
  )
  const stream = Readable.from(pieces).pipe(decrypt(unlock))
  return buffer(stream)
}

test('files of another program are read: by identity and by passphrase', async () => {
  const unlock = { identities: [IDENTITY] }
  assert.equal((await opened(fromBase64(FOR_IDENTITY), unlock, 1)).toString(), TEXT)
  assert.equal(
    (await opened(fromBase64(FOR_PASSPHRASE), { identities: [], passphrase: 'correct horse' })).toString(),
    TEXT,
  )
})

test('what is written is read again, around every edge of a chunk', async () => {
  const { identity, recipient } = newIdentity()
  for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]) {
    const data = randomBytes(size)
    const file = await locked(data, { recipients: [RECIPIENT, recipient] })
    for (const mine of [IDENTITY, identity])
      assert.deepEqual(await opened(file, { identities: [mine] }), data, `${size}`)
  }
  const file = await locked(Buffer.from(TEXT), { passphrase: 'x y z' })
  assert.equal((await opened(file, { identities: [], passphrase: 'x y z' })).toString(), TEXT)
})

test('who has no key that fits is told so', async () => {
  const file = await locked(Buffer.from(TEXT), { recipients: [RECIPIENT] })
  for (const unlock of [
    { identities: [] },
    { identities: [newIdentity().identity] },
    { identities: [], passphrase: 'x' },
  ])
    await assert.rejects(opened(file, unlock), { code: 'BACKUP_KEY' })
  const other = await locked(Buffer.from(TEXT), { passphrase: 'right' })
  await assert.rejects(opened(other, { identities: [], passphrase: 'wrong' }), { code: 'BACKUP_KEY' })
  await assert.rejects(opened(file, { identities: ['AGE-SECRET-KEY-1XYZ'] }), { code: 'BACKUP_KEY' })
  assert.throws(() => encrypt({ recipients: ['age1nonsense'] }), { code: 'BACKUP_KEY' })
})

test('whatever is changed, moved or cut off, the file does not open', async () => {
  const unlock = { identities: [IDENTITY] }
  const file = await locked(randomBytes(150_000), { recipients: [RECIPIENT] })
  const chunk = 65_536 + 16
  const start = file.length - (150_000 + 3 * 16)
  for (const at of [start - 20, start - 40, start, start + 1, start + chunk, file.length - 1]) {
    const changed = Buffer.from(file)
    changed[at] = (changed[at] ?? 0) ^ 1
    await assert.rejects(opened(changed, unlock), { code: 'BACKUP_DAMAGED' }, `byte ${at}`)
  }
  for (const length of [0, 10, start - 5, start, start + chunk, start + 2 * chunk, file.length - 1])
    await assert.rejects(opened(file.subarray(0, length), unlock), { code: 'BACKUP_DAMAGED' }, `${length} bytes`)
  const swapped = Buffer.concat([
    file.subarray(0, start),
    file.subarray(start + chunk, start + 2 * chunk),
    file.subarray(start, start + chunk),
    file.subarray(start + 2 * chunk),
  ])
  await assert.rejects(opened(swapped, unlock), { code: 'BACKUP_DAMAGED' })
  await assert.rejects(opened(Buffer.concat([file, Buffer.alloc(1)]), unlock), { code: 'BACKUP_DAMAGED' })
  await assert.rejects(opened(Buffer.alloc(100_000, 65), unlock), { code: 'BACKUP_DAMAGED' })
})

test('keys are written with a checksum against slips', () => {
  const bytes = randomBytes(32)
  const text = bech32Of('age', bytes)
  assert.deepEqual(bytesOfBech32('age', text), bytes)
  assert.deepEqual(bytesOfBech32('age', text.toUpperCase()), bytes)
  assert.equal(
    bytesOfBech32(
      'age',
      text.replace(/.$/, last => (last === 'q' ? 'p' : 'q')),
    ),
    null,
  )
  assert.equal(bytesOfBech32('age', `${text.slice(0, 5)}B${text.slice(6)}`), null)
  assert.equal(bytesOfBech32('other', text), null)
  assert.equal(bytesOfBech32('age', ''), null)
  // From BIP 173.
  assert.ok(bytesOfBech32('abcdef', 'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw'))
})
