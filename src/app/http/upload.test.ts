import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { judgeUpload, safeName, type UploadKind, type UploadRules } from './upload.ts'
import { inflatedSize } from './zip.ts'

const RULES: UploadRules = { kinds: ['png', 'jpeg', 'gif', 'webp', 'pdf', 'xlsx', 'csv'], most: 1_000_000 }
const of = (name: string, bytes: Buffer | string, rules = RULES) =>
  judgeUpload({ name, bytes: Buffer.from(bytes) }, rules)

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

interface Packed {
  readonly name: string
  readonly content: Buffer
  /** What the directory says instead of the truth. */
  readonly claims?: { readonly size?: number; readonly offset?: number }
}

/** A zip file: local headers with content, the directory, its end. */
function zipOf(entries: readonly Packed[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, claims } of entries) {
    const packed = deflateRawSync(content)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 8)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(content.length, 22)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(claims?.size ?? content.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(claims?.offset ?? offset, 42)
    files.push(local, Buffer.from(name), packed)
    directory.push(entry, Buffer.from(name))
    offset += 30 + name.length + packed.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, ...directory, end])
}

const SHEET: readonly Packed[] = [
  { name: '[Content_Types].xml', content: Buffer.from('<Types/>') },
  { name: 'xl/workbook.xml', content: Buffer.from('<workbook/>') },
]

test('a file is what its bytes say', () => {
  const files: readonly (readonly [UploadKind, string, Buffer | string])[] = [
    ['png', 'a.PNG', PNG],
    ['jpeg', 'a.jpg', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['gif', 'a.gif', 'GIF89a...'],
    ['webp', 'a.webp', 'RIFF....WEBPVP8 '],
    ['pdf', 'a.pdf', '%PDF-1.7\n'],
    ['csv', '订单.csv', '\uFEFF订单号,金额\r\nA-1,98.00\r\n'],
    ['xlsx', 'a.xlsx', zipOf(SHEET)],
  ]
  for (const [kind, name, bytes] of files) {
    const judged = of(name, bytes)
    assert.ok(judged.ok, `${name}: ${JSON.stringify(judged)}`)
    assert.equal(judged.kind, kind)
  }
})

test('pages, scripts and programs are not taken, whatever they are called', () => {
  const hostile = [
    '<!doctype html><script>alert(1)</script>',
    '  \n<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    '\uFEFF<?xml version="1.0"?><x/>',
    '<script>alert(1)</script>',
    Buffer.from('4d5a90000300000004000000', 'hex'),
    Buffer.from('7f454c4602010100', 'hex'),
    Buffer.from([0xff, 0xfe, 0x3c, 0x00]),
    'a,b\0c',
    'a,\u001b[31mb',
  ]
  for (const bytes of hostile)
    for (const name of ['a.csv', 'a.png', 'a.txt', 'a.xlsx'])
      assert.deepEqual(of(name, bytes), { ok: false, why: 'not_allowed' })
})

test('a name that says something else than the bytes is refused', () => {
  for (const [name, bytes] of [
    ['a.html', PNG],
    ['a.png.exe', PNG],
    ['a.csv', PNG],
    ['a.svg', 'x,y'],
    ['png', PNG],
  ] as const) {
    const judged = of(name, bytes)
    assert.ok(!judged.ok || judged.name === 'file.png', `${name}: ${JSON.stringify(judged)}`)
  }
  assert.deepEqual(of('a.html', PNG), { ok: false, why: 'name_differs' })
})

test('size and kind are limited', () => {
  assert.deepEqual(of('a.png', Buffer.alloc(0)), { ok: false, why: 'empty' })
  assert.deepEqual(of('a.png', PNG, { ...RULES, most: 10 }), { ok: false, why: 'too_large' })
  assert.deepEqual(of('a.png', PNG, { ...RULES, kinds: ['csv'] }), { ok: false, why: 'not_allowed' })
})

test('a zip file that unpacks to too much is refused without being unpacked', () => {
  const bomb = zipOf([...SHEET, { name: 'xl/big.xml', content: Buffer.alloc(20_000_000) }])
  assert.ok(bomb.length < 100_000, 'it is small')
  assert.deepEqual(of('a.xlsx', bomb), { ok: false, why: 'unpacks_to_too_much' })
  assert.equal(inflatedSize(bomb), 20_000_019)
})

test('a zip file whose directory cannot be trusted is refused', () => {
  const overlapping = zipOf([...SHEET, { name: 'xl/a', content: Buffer.alloc(9), claims: { offset: 0 } }])
  const large = zipOf([...SHEET, { name: 'xl/a', content: Buffer.alloc(9), claims: { size: 0xffffffff } }])
  const whole = zipOf(SHEET)
  const cut = whole.subarray(0, whole.length - 30)
  const many = Buffer.from(whole)
  many.writeUInt16LE(0xffff, many.length - 12)
  for (const file of [overlapping, large, cut, many])
    assert.deepEqual(of('a.xlsx', file), { ok: false, why: 'not_allowed' })
})

test('names are made harmless', () => {
  const names: readonly (readonly [string, string])[] = [
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\x\\report.csv', 'report.csv'],
    ['a\r\nSet-Cookie: x.csv', 'aSet-Cookie x.csv'],
    ['"; rm -rf $HOME.csv', 'rm -rf HOME.csv'],
    ['\u202egnp.exe.csv', 'gnp.exe.csv'],
    ['...', 'file.csv'],
    ['', 'file.csv'],
    ['订单 11月.csv', '订单 11月.csv'],
  ]
  for (const [name, safe] of names) assert.equal(safeName(name, 'csv'), safe)
  assert.equal(safeName(`${'x'.repeat(300)}.csv`, 'csv').length, 120)
})
