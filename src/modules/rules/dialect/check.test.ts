import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { businessTimeOf } from '../../../kernel/business-time.ts'
import { HOUR } from '../../../kernel/instant.ts'
import { ORDER_SCHEMA } from '../fixtures.ts'
import type { Constants } from '../types.ts'
import { checkRule, MAX_NODES } from './check.ts'
import { REFUSAL_CODES, type RefusalCode } from './refusal.ts'

const label = { zh: '时限', en: 'limit' }
const CONSTANTS: Constants = {
  limit: { type: 'dur', value: 86_400_000, label },
  tolerance: { type: 'money', value: 1, label },
  third: { type: 'num', value: 3, label },
  words: { type: 'list', of: 'string', value: ['shop', 'store'], label },
  none: { type: 'list', of: 'string', value: [], label },
  regions: { type: 'lookup', of: 'string', value: { gd: 'south' }, otherwise: 'far', label },
  limits: { type: 'lookup', of: 'dur', value: { card: HOUR }, otherwise: 2 * HOUR, label },
}
const CALENDARS = {
  cn: businessTimeOf({
    id: 'cn',
    version: 1,
    zone: 'Asia/Shanghai',
    week: Array.from({ length: 7 }, (_, day) => (day < 5 ? [[9 * HOUR, 18 * HOUR] as const] : [])),
    days: {},
  }),
}
const check = (text: string) => checkRule(text, ORDER_SCHEMA, { constants: CONSTANTS, calendars: CALENDARS })

const ACCEPTED = [
  "order.status == 'placed' && !order.cancelled",
  "has(order.paidAt) && now - order.paidAt > duration('24h')",
  "now - order.paidAt > duration('24h') && has(order.paidAt)",
  '!has(order.paidAt) || now - order.paidAt > limit',
  '!(!has(order.paidAt) || now < order.paidAt)  && order.paidAt > order.lastEventAt',
  'has(order.paidAt) ? now > order.paidAt : now > order.lastEventAt',
  '!has(order.paidAt) ? false : now > order.paidAt',
  "has(order.paidAt) && (order.cancelled || (order.status == 'x' && now > order.paidAt))",
  'abs(order.itemsTotal - order.paidTotal) > tolerance',
  'order.paidTotal > 0 && order.paidTotal * 2 > order.orderTotal - minor(100)',
  'now > order.lastEventAt + days(2) - hours(3) + minutes(5) - order.rest',
  "now >= timestamp('2026-11-11T00:00:00+08:00')",
  'lines.exists(l, l.qty > 3) || lines.all(l, l.price > minor(5)) || lines.exists_one(l, has(l.shipBy) && now > l.shipBy)',
  'size(parcels.filter(p, has(p.lastScanAt) && now - p.lastScanAt > limit)) >= 2',
  'parcels.filter(p, p.status == "x").exists(q, now - q.handedOverAt > q.pause)',
  'lines.sum(l, l.price * l.qty) != order.itemsTotal',
  "['a', 'b'].exists(k, order.channel.lowerAscii().contains(k))",
  "order.status in ['placed', 'paid']",
  'max(order.paidTotal, order.itemsTotal) > min(minor(3), tolerance)',
  '(order.cancelled ? now : order.lastEventAt) < now - days(1)',
  '(now - order.lastEventAt) * 2 > limit',
  'order.rest / third > hours(1) && order.lineCount % 2 == 1',
  'lines.exists(l, parcels.exists(p, p.status == l.sku))',
  '-(now - order.lastEventAt) < -limit',
  "businessElapsed(order.lastEventAt, now, 'cn') > hours(8)",
  "businessElapsed(now, order.lastEventAt + days(2), 'cn') < hours(4) && isBusinessTime(now, 'cn')",
  "now > businessAdd(order.lastEventAt, order.rest, 'cn') && !isWorkday(now, 'cn')",
  "now.getHours('Asia/Shanghai') >= 20 && now.getDayOfWeek('+08:00') != 0 && order.lastEventAt.getMinutes() == 0",
  '(now - order.lastEventAt).getHours() > 3 && order.rest.getMinutes() > 5',
  "order.orderNo.matches('^A[0-9]{6}$') && matches(order.channel, '(?i)shop')",
  "order.channel.containsAny(words) || order.channel.containsAny(['a', 'b']) || order.status in words",
  "lookup(regions, order.channel) == 'south' && now - order.lastEventAt > lookup(limits, order.channel)",
  "order.paidTotal > money('500', 'CNY') + money('0.50', 'USD') - money('3', 'JPY')",
  'size(none) == 0 || order.channel in none',
]

/** Text, code and the part of the text that the refusal points at. */
const REFUSED: readonly (readonly [string, RefusalCode, string?])[] = [
  ['order.cancelled &&', 'syntax'],
  ['order.cancelled && (', 'syntax'],
  ['', 'syntax'],
  ["{'a': 1} == {'a': 1}", 'not_supported'],
  ['lines[0].qty > 1', 'not_supported'],
  ['lines.map(l, l.qty).exists(q, q > 1)', 'not_supported', 'lines.map(l, l.qty)'],
  ['order.lineCount == 1u', 'not_supported', '1u'],
  ['order.lineCount == 99999999999999999999', 'not_supported', '99999999999999999999'],
  ['order.status in []', 'not_supported', '[]'],
  ['order.paidAt == null', 'null_refused', 'null'],
  ['oder.cancelled', 'unknown_name', 'oder'],
  ['order.cancelled && limitt > hours(1)', 'unknown_name', 'limitt'],
  ['constructor.x == 1', 'unknown_name', 'constructor'],
  ["order.stattus == 'x'", 'unknown_field', 'order.stattus'],
  ["order.constructor == 'x'", 'unknown_field', 'order.constructor'],
  ["order.__proto__ == 'x'", 'unknown_field'],
  ['lines.exists(l, l.quantity > 1)', 'unknown_field', 'l.quantity'],
  ['days_since(order.lastEventAt) > 3', 'unknown_function'],
  ['order.toString() == "x"', 'needs_field', 'order'],
  ['lines.exists(l, l)', 'needs_field', 'l'],
  ["parcels.status == 'x'", 'list_needs_condition', 'parcels.status'],
  ['lines.exists(order, order.qty > 1)', 'name_taken'],
  ['lines.exists(now, true)', 'name_taken'],
  ['lines.exists(limit, true)', 'name_taken'],
  ['lines.exists(l, parcels.exists(l, true))', 'name_taken'],
  ['now > order.paidAt', 'unguarded_optional', 'order.paidAt'],
  ['has(order.paidAt) || now > order.paidAt', 'unguarded_optional', 'order.paidAt'],
  ['!has(order.paidAt) && now > order.paidAt', 'unguarded_optional', 'order.paidAt'],
  ['has(order.shipBy) && now > order.paidAt', 'unguarded_optional', 'order.paidAt'],
  ['has(order.paidAt) ? false : now > order.paidAt', 'unguarded_optional', 'order.paidAt'],
  ['lines.exists(l, now > l.shipBy)', 'unguarded_optional', 'l.shipBy'],
  ['parcels.filter(p, has(p.lastScanAt)).exists(q, now > q.lastScanAt)', 'unguarded_optional', 'q.lastScanAt'],
  ['has(order)', 'has_needs_field'],
  ["order.status.contains('a', 'b')", 'wrong_arguments'],
  ["contains(order.status, 'a')", 'wrong_arguments'],
  ['abs(order.status) > 1', 'wrong_arguments', 'abs(order.status)'],
  ['order.status in order.channel', 'wrong_arguments'],
  ['max(order.lineCount, order.paidTotal) > 1', 'wrong_arguments', 'max(order.lineCount, order.paidTotal)'],
  ['order.lineCount && order.cancelled', 'wrong_type', 'order.lineCount'],
  ['!order.lineCount', 'wrong_type', 'order.lineCount'],
  ['order.cancelled > order.deliveredReported', 'wrong_type'],
  ["order.status in ['a', 1]", 'wrong_type', '1'],
  ['order.lineCount in ["a"]', 'wrong_type', 'order.lineCount'],
  ['lines == parcels', 'wrong_type'],
  ['order.status.exists(x, x == "a")', 'wrong_type', 'order.status'],
  ['lines.sum(l, l.sku) > 1', 'wrong_type', 'l.sku'],
  ['now - order.lastEventAt > order.lastEventAt', 'unit_mismatch'],
  ['now > limit', 'unit_mismatch'],
  ['now - order.lastEventAt > 24', 'unit_mismatch'],
  ['order.paidTotal > 100', 'unit_mismatch'],
  ['order.paidTotal == order.lineCount', 'unit_mismatch'],
  ['now + order.lastEventAt > now', 'unit_mismatch', 'now + order.lastEventAt'],
  ['order.paidTotal * order.itemsTotal > minor(1)', 'unit_mismatch', 'order.paidTotal * order.itemsTotal'],
  ['order.status == 1', 'unit_mismatch'],
  ['now == 0', 'unit_mismatch'],
  ['abs(now - order.lastEventAt) > limit', 'now_not_allowed', 'abs(now - order.lastEventAt)'],
  ['now in [order.lastEventAt]', 'now_not_allowed'],
  ['order.lastEventAt in [now]', 'now_not_allowed', 'now'],
  ['(now - order.lastEventAt) / 2 > limit', 'now_not_allowed', '(now - order.lastEventAt) / 2'],
  ['lines.sum(l, now - order.lastEventAt) > limit', 'now_not_allowed', 'now - order.lastEventAt'],
  ["businessElapsed(order.lastEventAt, now, 'us') > limit", 'unknown_calendar', "'us'"],
  ['businessElapsed(order.lastEventAt, now, order.channel) > limit', 'literal_needed', 'order.channel'],
  ['businessElapsed(order.lastEventAt, now) > limit', 'wrong_arguments'],
  ["businessElapsed(order.rest, now, 'cn') > limit", 'wrong_arguments'],
  ["businessElapsed(now, now, 'cn') > limit", 'two_moving_times'],
  ["businessAdd(now, limit, 'cn') > order.lastEventAt", 'now_not_allowed'],
  ["now.getHours('Mars/Olympus') == 1", 'unknown_zone', "'Mars/Olympus'"],
  ['now.getHours(order.channel) == 1', 'literal_needed'],
  ["now.getMinutes('Asia/Shanghai') == 1", 'moves_too_fast'],
  ['(now - order.lastEventAt).getSeconds() == 1', 'moves_too_fast'],
  ["getHours(now, 'UTC') == 1", 'wrong_arguments'],
  ["order.status.matches('(a')", 'bad_pattern', "'(a'"],
  ["order.status.matches('(?=a)b')", 'bad_pattern'],
  ["order.status.matches('(a|b|c){1000}')", 'bad_pattern'],
  ['order.status.matches(order.channel)', 'bad_pattern', 'order.channel'],
  ['order.channel.containsAny(none)', 'wrong_arguments'],
  ['order.lineCount.containsAny(words)', 'wrong_arguments'],
  ['regions == "x"', 'lookup_only', 'regions'],
  ["lookup(words, order.channel) == 'x'", 'unknown_name', 'words'],
  ["order.paidTotal > money('5.001', 'CNY')", 'bad_money'],
  ["order.paidTotal > money('5', 'XYZ')", 'bad_money'],
  ['order.rest / order.lineCount > limit', 'divisor_not_constant', 'order.lineCount'],
  ['order.lineCount % 0 == 1', 'divisor_not_constant', '0'],
  ['now', 'not_a_condition', 'now'],
  ['now - order.lastEventAt', 'not_a_condition'],
  ['lines', 'not_a_condition'],
  ["now - order.lastEventAt > duration('2d')", 'bad_duration', "duration('2d')"],
  ["now - order.lastEventAt > duration('0.5ms')", 'bad_duration'],
  ['now - order.lastEventAt > duration(order.status)', 'bad_duration'],
  ["now > timestamp('2026-02-30T00:00:00Z')", 'bad_timestamp'],
  ["now > timestamp('2026-11-11T00:00:00')", 'bad_timestamp'],
  [Array.from({ length: MAX_NODES }, () => 'order.cancelled').join(' || '), 'too_large'],
  ['lines.exists(a, lines.exists(b, lines.exists(c, a.qty > b.qty + c.qty)))', 'too_deep'],
  ['lines.exists(a, lines.exists(b, a.qty * b.qty > a.qty + b.qty))', 'too_costly'],
]

describe('checkRule', () => {
  for (const text of ACCEPTED) {
    it(`accepts ${text}`, () => assert.deepEqual(check(text).refusals, []))
  }
  for (const [text, code, points] of REFUSED) {
    it(`refuses (${code}) ${text.slice(0, 90)}`, () => {
      const { ok, refusals } = check(text)
      assert.equal(ok, false)
      const found = refusals.find(r => r.code === code)
      assert.ok(found, `got ${refusals.map(r => `${r.code}: ${r.message.en}`).join('; ')}`)
      if (points !== undefined) assert.equal(text.slice(found.start, found.end), points)
      assert.ok(found.start >= 0 && found.end <= text.length)
      assert.doesNotMatch(found.message.en + found.message.zh, /\{\d\}|undefined/)
    })
  }
  it('has a refused example for every code', () => {
    const shown = new Set(REFUSED.map(([, code]) => code))
    assert.deepEqual(
      REFUSAL_CODES.filter(code => !shown.has(code)),
      [],
    )
  })
  it('reports all refusals at once and names the nearest word', () => {
    const { refusals } = check("order.paidat > now && order.stat == 'x' && oder.cancelled")
    assert.deepEqual(
      refusals.map(r => r.code),
      ['unknown_field', 'unknown_field', 'unknown_name'],
    )
    assert.match(refusals[0]!.message.en, /did you mean paidAt\?/)
    assert.match(refusals[0]!.message.zh, /是不是 paidAt/)
  })
  it('keeps the tree of text whose meaning is wrong, for the editor', () => {
    assert.equal(check('now > order.paidAt').expr?.kind, 'compare')
    assert.equal(check('now >').expr, null)
  })
  it('survives nesting that would exhaust a stack', () => {
    for (const text of [
      `${'('.repeat(10_000)}true${')'.repeat(10_000)}`,
      `${'!'.repeat(10_000)}true`,
      'x'.repeat(1e6),
    ]) {
      assert.deepEqual(
        check(text).refusals.map(r => r.code),
        ['too_large'],
      )
    }
    assert.equal(check(`${'!'.repeat(450)}order.cancelled`).ok, true)
  })
})
