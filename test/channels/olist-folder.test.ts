import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { parseEvent } from '../../src/contract/events/index.ts'
import { accountTable, ChannelError, olistEvents, openOlist, readOlist } from '../../src/modules/channels/index.ts'
import { OLIST_SAMPLE } from '../../src/modules/channels/olist/fixtures.ts'

type Files = { readonly [file: string]: string | Buffer }

function folder(t: TestContext, files: Files): string {
  const dir = mkdtempSync(join(tmpdir(), 'olist with space '))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  for (const [file, content] of Object.entries(files)) writeFileSync(join(dir, file), content)
  return dir
}
const sample = (more: { [file: string]: string } = {}): Files => ({ ...OLIST_SAMPLE, ...more })
const gzipped = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([file, text]) => [`${file}.gz`, gzipSync(text)]))

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

const ORDERS = 'olist_orders_dataset.csv'
const ITEMS = 'olist_order_items_dataset.csv'
const PAYMENTS = 'olist_order_payments_dataset.csv'
const REVIEWS = 'olist_order_reviews_dataset.csv'
const CUSTOMERS = 'olist_customers_dataset.csv'
const PRODUCTS = 'olist_products_dataset.csv'

test('every row of the sample is used or reported', async t => {
  const { accounts, orderCount, eventCount } = await openOlist(folder(t, sample()))
  assert.deepEqual(
    accounts.map(a => [a.file, a.rows, a.used, a.reported, a.codes]),
    [
      [ORDERS, 7, 7, 0, {}],
      [CUSTOMERS, 6, 6, 0, {}],
      [ITEMS, 6, 6, 0, {}],
      [PAYMENTS, 8, 8, 0, {}],
      ['extra_payments_no_order_row.csv', 1, 0, 1, { no_order_row: 1 }],
      [REVIEWS, 3, 3, 0, {}],
      [PRODUCTS, 3, 2, 1, { not_referenced: 1 }],
      ['olist_sellers_dataset.csv', 2, 0, 2, { not_needed: 2 }],
      ['product_category_name_translation.csv', 2, 1, 1, { not_referenced: 1 }],
    ],
  )
  assert.deepEqual([orderCount, eventCount], [7, 35])
  assert.match(accountTable(accounts), /^all +38 +33 +5$/m)
})

test('gzip or not, with a mark at the start, CRLF and other columns: the same events', async t => {
  const plain = await listOf(olistEvents(folder(t, sample()), { merge: 'by-order' }))
  const packed = await listOf(olistEvents(folder(t, gzipped(sample())), { merge: 'by-order' }))
  const windows = Object.fromEntries(
    Object.entries(OLIST_SAMPLE).map(([file, text]) => {
      const lines = text.trimEnd().split('\n')
      const wide = file === REVIEWS ? lines : lines.map((line, i) => `${line},${i === 0 ? 'note' : 'x'}`)
      return [file, `\uFEFF${wide.join('\r\n')}`]
    }),
  )
  const other = await listOf(olistEvents(folder(t, windows), { merge: 'by-order' }))
  const events = (list: typeof plain) => list.map(e => ({ ...e.event, data: withoutBreaks(e.event.data) }))
  assert.deepEqual(events(packed), events(plain))
  assert.deepEqual(events(other), events(plain))
})
const withoutBreaks = (data: object): string => JSON.stringify(data).replaceAll('\\r\\n', '\\n')

test('by time: the same events, sorted by instant, then order id, then the order of the process', async t => {
  const open = await openOlist(folder(t, sample()))
  const byTime = [...open.events('by-time')]
  const key = (e: (typeof byTime)[number]): string => `${String(e.occurredAt).padStart(15, '0')} ${e.orderKey}`
  assert.deepEqual(byTime.map(key), byTime.map(key).toSorted())
  const ids = (events: typeof byTime, order: string): string[] =>
    events.filter(e => e.orderKey === order).map(e => e.event.id)
  for (const { orderKey, events } of open.orders()) assert.deepEqual(ids(byTime, orderKey), ids([...events], orderKey))
  assert.equal(byTime.length, open.eventCount)
  assert.deepEqual(open.span, { from: byTime[0]?.occurredAt, to: byTime.at(-1)?.occurredAt })
})

test('reading twice gives the same events', async t => {
  const dir = folder(t, sample())
  assert.deepEqual(await listOf(readOlist(dir)), await listOf(readOlist(dir)))
})

test('every file but the orders may be missing', async t => {
  const { accounts, orderCount, ...open } = await openOlist(folder(t, { [ORDERS]: OLIST_SAMPLE[ORDERS] ?? '' }))
  assert.deepEqual([orderCount, accounts.length, accounts[0]?.used], [7, 1, 7])
  for (const { event } of open.events('by-time')) assert.equal(parseEvent(event, { now: 0 }).ok, true)
})

// ---- broken rows ---------------------------------------------------------------------------------------------------

const BROKEN: { file: string; row: string; code: string; id?: string | null; says: RegExp }[] = [
  {
    file: ORDERS,
    row: 'bad,c1,shipped,2018-02-30 10:00:00,,,,',
    code: 'bad_time',
    id: 'bad',
    says: /purchase_timestamp/,
  },
  { file: ORDERS, row: 'bad,c1,shipped,,,,,', code: 'missing_value', id: 'bad', says: /purchase_timestamp is empty/ },
  {
    file: ORDERS,
    row: 'bad,c1,lost,2018-02-03 10:00:00,,,,',
    code: 'bad_value',
    id: 'bad',
    says: /order_status .* "lost"/,
  },
  { file: ORDERS, row: 'bad,c1,shipped,2018-02-03 10:00:00', code: 'bad_columns', id: 'bad', says: /4 cells .* 8/ },
  {
    file: ORDERS,
    row: ',c1,shipped,2018-02-03 10:00:00,,,,',
    code: 'missing_value',
    id: '',
    says: /order_id is empty/,
  },
  { file: ORDERS, row: 'ba"d,c1,shipped,2018-02-03 10:00:00,,,,', code: 'bad_quoting', id: null, says: /quotes/ },
  { file: ORDERS, row: '"bad,c1,shipped,2018-02-03 10:00:00,,,,', code: 'bad_quoting', id: null, says: /quotes/ },
  { file: ORDERS, row: 'plain,c1,shipped,2018-02-03 10:00:00,,,,', code: 'duplicate_id', id: 'plain', says: /line 2 / },
  { file: ORDERS, row: 'b\u0000d,c1,shipped,2018-02-03 10:00:00,,,,', code: 'bad_text', id: 'b\u0000d', says: /NUL/ },
  { file: ITEMS, row: 'plain,3,p1,s1,2018-03-07 10:15:00,12.345,0', code: 'bad_number', id: 'plain/3', says: /price/ },
  { file: ITEMS, row: 'plain,3,p1,s1,2018-03-07 10:15:00,-1,0', code: 'bad_number', id: 'plain/3', says: /negative/ },
  {
    file: ITEMS,
    row: 'plain,3,p1,s1,soon,1,0',
    code: 'bad_time',
    id: 'plain/3',
    says: /shipping_limit_date .* "soon"/,
  },
  { file: ITEMS, row: 'plain,1,p3,s1,2018-03-07 10:15:00,1,0', code: 'duplicate_id', id: 'plain/1', says: /line 2 / },
  { file: ITEMS, row: 'elsewhere,1,p1,s1,,1,0', code: 'no_order_row', id: 'elsewhere/1', says: /no row of its order/ },
  { file: PAYMENTS, row: 'plain,three,voucher,1,1', code: 'bad_number', says: /payment_sequential/ },
  { file: PAYMENTS, row: 'plain,1,voucher,1,1', code: 'duplicate_id', id: 'plain/1', says: /line 3 / },
  { file: REVIEWS, row: 'r9,plain,6,,,2018-03-09 00:00:00,', code: 'bad_number', id: 'r9/plain', says: /1 to 5/ },
  { file: REVIEWS, row: 'r9,plain,5,,,,', code: 'missing_value', id: 'r9/plain', says: /neither/ },
  { file: REVIEWS, row: 'r1,plain,5,,,2018-03-09 00:00:00,', code: 'duplicate_id', id: 'r1/plain', says: /line 2 / },
  { file: CUSTOMERS, row: 'c1,,04841,sao paulo,SP', code: 'missing_value', id: 'c1', says: /customer_unique_id/ },
  { file: CUSTOMERS, row: 'c1,u9,04841,sao paulo,SP', code: 'duplicate_id', id: 'c1', says: /line 2 / },
  { file: CUSTOMERS, row: 'c9,u9,04841,sao paulo,SP', code: 'not_referenced', id: null, says: /no order/ },
  { file: PRODUCTS, row: 'p9,artes,1,1,1,heavy,1,1,1', code: 'bad_number', id: 'p9', says: /product_weight_g/ },
]
for (const { file, row, code, id, says } of BROKEN)
  test(`${file.slice(0, -4)}: ${JSON.stringify(row)} is reported as ${code}`, async t => {
    const good = OLIST_SAMPLE[file] ?? ''
    const line = good.trimEnd().split('\n').length + 1
    const before = await openOlist(folder(t, sample()))
    const after = await openOlist(folder(t, sample({ [file]: `${good}${row}\n` })))
    const known = new Set(before.reports.map(r => JSON.stringify(r)))
    const [report, ...others] = after.reports.filter(r => !known.has(JSON.stringify(r)))
    assert.deepEqual(others, [])
    assert.deepEqual([report?.file, report?.code], [file, code])
    if (code !== 'not_referenced') assert.equal(report?.row, line)
    if (id !== undefined) assert.equal(report?.id, id)
    assert.match(report?.reason ?? '', says)
    assert.match(report?.fix ?? '', /^[A-Z].*\.$/)
    assertAccounts(after)
    const events = (open: typeof after) => [...open.events('by-order')].map(e => e.event)
    assert.deepEqual(events(after), events(before), 'the other rows must give the events that they gave before')
  })

function assertAccounts({ accounts, reports }: Awaited<ReturnType<typeof openOlist>>): void {
  for (const { file, rows, used, reported } of accounts) {
    assert.equal(used + reported, rows, file)
    assert.equal(
      reports.filter(r => r.file === file).reduce((n, r) => n + r.count, 0),
      reported,
    )
  }
}

test('rows that belong to a broken order row say so', async t => {
  const orders = (OLIST_SAMPLE[ORDERS] ?? '').replace('2018-03-01 10:00:30', '2018-03-01 25:00:30')
  const open = await openOlist(folder(t, sample({ [ORDERS]: orders })))
  assertAccounts(open)
  const lost = open.reports.filter(r => r.code === 'order_row_unusable').map(r => r.id)
  assert.deepEqual(lost, ['plain/1', 'plain/2', 'plain/2', 'plain/1', 'r1/plain'])
  assert.equal(open.orderCount, 6)
})

test('a master row that only a twin refers to is used by nobody', async t => {
  const items = `${OLIST_SAMPLE[ITEMS]}plain,1,p3,s1,2018-03-07 10:15:00,1,0\n`
  const open = await openOlist(folder(t, sample({ [ITEMS]: items })))
  assertAccounts(open)
  assert.deepEqual(open.accounts.find(a => a.file === PRODUCTS)?.codes, { not_referenced: 1 })
})

test('extra files add to their tables; files of no table are reported as a whole; other files are left alone', async t => {
  const extra = `order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
nothing,1,p1,s1,2017-11-25 10:00:00,70,10
plain,1,p1,s1,2017-11-25 10:00:00,70,10
`
  const more = {
    'extra_more_items.csv': extra,
    'leads.csv': 'a,b\n1,2\n3\n',
    'extra_words.csv': 'a\n1\n',
    'README.md': '#',
  }
  const open = await openOlist(folder(t, sample(more)))
  assertAccounts(open)
  const codes = Object.fromEntries(open.accounts.map(a => [a.file, [a.used, a.codes]]))
  assert.deepEqual(codes['extra_more_items.csv'], [1, { duplicate_id: 1 }])
  assert.deepEqual(codes['leads.csv'], [0, { unknown_file: 2 }])
  assert.deepEqual(codes['extra_words.csv'], [0, { unknown_file: 1 }])
  assert.equal(codes['README.md'], undefined)
})

const TORN = gzipSync(OLIST_SAMPLE[ORDERS] ?? '').subarray(0, -20)
const REFUSED: { name: string; files: Files; code: ChannelError['code']; says: RegExp }[] = [
  { name: 'no orders', files: { [ITEMS]: OLIST_SAMPLE[ITEMS] ?? '' }, code: 'orders_missing', says: /no olist_orders/ },
  { name: 'nothing at all', files: {}, code: 'orders_missing', says: /no olist_orders/ },
  {
    name: 'an empty file',
    files: { [ORDERS]: '' },
    code: 'bad_header',
    says: /must name the columns order_id, customer/,
  },
  {
    name: 'a column is missing',
    files: sample({ [PAYMENTS]: 'order_id,payment_sequential,payment_type,amount\n' }),
    code: 'bad_header',
    says: /payments_dataset\.csv: .* payment_installments, payment_value; it says: order_id, .*, amount/,
  },
  {
    name: 'the same table twice',
    files: { ...sample(), [`${ORDERS}.gz`]: gzipSync(OLIST_SAMPLE[ORDERS] ?? '') },
    code: 'file_twice',
    says: /keep one/,
  },
  { name: 'a torn gzip file', files: { [`${ORDERS}.gz`]: TORN }, code: 'file_unreadable', says: /copy it again/ },
]
for (const { name, files, code, says } of REFUSED)
  test(`a folder is refused as a whole: ${name}`, async t => {
    await assert.rejects(openOlist(folder(t, files)), error => {
      assert.ok(error instanceof ChannelError)
      assert.equal(error.code, code)
      assert.match(error.message, says)
      return true
    })
  })

test('a folder that is not there is refused', async t => {
  const dir = join(folder(t, {}), 'nowhere')
  await assert.rejects(openOlist(dir), { code: 'folder_unreadable' })
})
