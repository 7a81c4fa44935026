import type { Label } from '../../../contract/facts.ts'

/** A function of the dialect, for completion and for the reference page. `usage` is accepted by the checker. */
export interface FunctionEntry {
  readonly name: string
  readonly group: 'lists' | 'texts' | 'numbers' | 'moments' | 'clocks' | 'guards'
  readonly usage: string
  readonly label: Label
}

const entry =
  (group: FunctionEntry['group']) =>
  (name: string, usage: string, zh: string, en: string): FunctionEntry => ({ name, group, usage, label: { zh, en } })

const guard = entry('guards')
const list = entry('lists')
const text = entry('texts')
const number = entry('numbers')
const moment = entry('moments')
const clock = entry('clocks')

/** Every function, in the order in which the reference page tells of them. */
export const FUNCTION_CATALOGUE: readonly FunctionEntry[] = [
  guard('has', 'has(order.paidAt)', '字段有值', 'the field has a value'),
  list('exists', 'lines.exists(l, l.qty > 3)', '有一项满足条件', 'one element fulfils the condition'),
  list(
    'all',
    'lines.all(l, l.qty > 0)',
    '每一项都满足条件；空列表也算满足',
    'each element does; so does an empty list',
  ),
  list('exists_one', 'lines.exists_one(l, l.qty > 3)', '恰有一项满足条件', 'exactly one element does'),
  list('filter', 'size(lines.filter(l, l.qty > 3)) > 1', '满足条件的项', 'the elements that do'),
  list(
    'sum',
    'lines.sum(l, l.price * l.qty) > minor(100)',
    '逐项求和：数字、金额或时长',
    'sum over the elements: numbers, money or lengths of time',
  ),
  list('size', 'size(lines) > 1', '列表的项数，或文本的字符数', 'number of elements, or of characters of a text'),
  text('contains', "order.channel.contains('shop')", '文本包含一段文字', 'the text contains another'),
  text('startsWith', "order.channel.startsWith('shop')", '文本以此开头', 'the text starts with another'),
  text('endsWith', "order.channel.endsWith('shop')", '文本以此结尾', 'the text ends with another'),
  text(
    'containsAny',
    "order.channel.containsAny(['a', 'b'])",
    '文本含有列表中的任一关键词；耗时与词数无关',
    'the text contains any word of a list; as fast for a thousand words as for ten',
  ),
  text(
    'matches',
    "order.orderNo.matches('^A[0-9]{6}$')",
    '文本符合 RE2 正则（前 1000 个字符）',
    'the text matches an RE2 pattern (of its first 1000 characters)',
  ),
  text(
    'lowerAscii',
    "order.channel.lowerAscii() == 'shop'",
    '英文字母转为小写',
    'the text with its ASCII letters in lower case',
  ),
  text(
    'lookup',
    "lookup(regions, order.channel) == 'south'",
    '在对照表里查文本对应的值',
    'the value of a text in a named table',
  ),
  number('abs', 'abs(order.orderTotal - order.paidTotal) > minor(1)', '绝对值', 'the value without its sign'),
  number('min', 'min(order.orderTotal, order.paidTotal) > minor(1)', '两者中较小的', 'the smaller of two'),
  number('max', 'max(order.orderTotal, order.paidTotal) > minor(1)', '两者中较大的', 'the larger of two'),
  moment(
    'duration',
    "now - order.lastEventAt > duration('1h30m')",
    '时长，单位 h、m、s、ms',
    'a length of time in h, m, s and ms',
  ),
  moment('days', 'now - order.lastEventAt > days(2)', '若干个 24 小时', 'so many times 24 hours'),
  moment('hours', 'now - order.lastEventAt > hours(24)', '若干小时', 'so many hours'),
  moment('minutes', 'now - order.lastEventAt > minutes(30)', '若干分钟', 'so many minutes'),
  moment('timestamp', "now >= timestamp('2026-11-11T00:00:00+08:00')", '带时区的时刻', 'a point in time with its zone'),
  moment(
    'minor',
    'order.orderTotal > minor(50000)',
    '以最小货币单位（如分）表示的金额',
    'an amount in minor units, such as cents',
  ),
  moment(
    'money',
    "order.orderTotal > money('500.00', 'CNY')",
    '以元等主单位表示的金额',
    'an amount in units of its currency',
  ),
  clock(
    'businessElapsed',
    "businessElapsed(order.lastEventAt, now, 'cn') > hours(8)",
    '两个时刻之间的工作时间；后者较早时为负',
    'business time between two times; negative when the second is the earlier',
  ),
  clock(
    'businessAdd',
    "now > businessAdd(order.lastEventAt, hours(8), 'cn')",
    '某时刻之后若干工作时间的时刻；时长为负则向前；遇非工作时间取离它最近的时刻',
    'the time so much business time after another; before it for a negative length; the nearest one where closed time leaves a choice',
  ),
  clock('isBusinessTime', "isBusinessTime(now, 'cn')", '该时刻在工作时间内', 'the time is in business hours'),
  clock('isWorkday', "isWorkday(now, 'cn')", '该时刻所在日期有工作时间', 'the day of the time has business hours'),
  clock(
    'getHours',
    "now.getHours('Asia/Shanghai') >= 20",
    '时刻的小时（0 到 23），或时长的整小时数',
    'the hour of a time (0 to 23), or the whole hours of a length of time',
  ),
  clock(
    'getMinutes',
    "order.lastEventAt.getMinutes('Asia/Shanghai') == 0",
    '分钟；不能用于 now',
    'the minute; not of now',
  ),
  clock(
    'getSeconds',
    "order.lastEventAt.getSeconds('Asia/Shanghai') == 0",
    '秒；不能用于 now',
    'the second; not of now',
  ),
  clock(
    'getMilliseconds',
    "order.lastEventAt.getMilliseconds('UTC') == 0",
    '毫秒；不能用于 now',
    'the millisecond; not of now',
  ),
  clock('getDate', "now.getDate('Asia/Shanghai') == 1", '几号（从 1 数）', 'the day of the month, from 1'),
  clock('getDayOfMonth', "now.getDayOfMonth('Asia/Shanghai') == 0", '几号（从 0 数）', 'the day of the month, from 0'),
  clock(
    'getDayOfWeek',
    "now.getDayOfWeek('Asia/Shanghai') == 0",
    '星期几（星期日为 0）',
    'the day of the week, Sunday is 0',
  ),
  clock(
    'getDayOfYear',
    "now.getDayOfYear('Asia/Shanghai') == 0",
    '当年第几天（从 0 数）',
    'the day of the year, from 0',
  ),
  clock('getMonth', "now.getMonth('Asia/Shanghai') == 10", '月份（从 0 数）', 'the month, from 0'),
  clock('getFullYear', "now.getFullYear('Asia/Shanghai') == 2026", '年份', 'the year'),
]
