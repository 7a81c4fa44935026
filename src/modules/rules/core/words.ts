import { type FactSchema, type Label, type ScalarField, wordsOfCode } from '../../../contract/facts.ts'
import type { CompareOp } from '../dialect/ast.ts'
import { type HasTarget, isListType, type Term, type TermOf } from '../dialect/term.ts'
import type { Constants } from '../types.ts'
import { type Telling, valueWords } from './amounts.ts'

/** A checked expression in words of both languages, with the labels of the facts. */
export interface Wording {
  readonly schema: FactSchema
  readonly constants: Constants
  readonly telling: Telling
}

/** Words around one or two others: `{0}` and `{1}` are filled in. */
export const phrase = (zh: string, en: string, ...words: readonly Label[]): Label => {
  const fill = (text: string, language: 'zh' | 'en') =>
    text.replace(/\{(\d)\}/g, (_, i) => words[Number(i)]?.[language] ?? '')
  return { zh: fill(zh, 'zh'), en: fill(en, 'en') }
}

const ORDERS: { readonly [op in CompareOp]: readonly [quantity: Label, time: Label] } = {
  '>': [
    { zh: '超过', en: 'more than' },
    { zh: '晚于', en: 'after' },
  ],
  '>=': [
    { zh: '不少于', en: 'at least' },
    { zh: '不早于', en: 'at or after' },
  ],
  '<': [
    { zh: '少于', en: 'less than' },
    { zh: '早于', en: 'before' },
  ],
  '<=': [
    { zh: '不超过', en: 'at most' },
    { zh: '不晚于', en: 'at or before' },
  ],
  '==': [
    { zh: '等于', en: '' },
    { zh: '等于', en: 'at' },
  ],
  '!=': [
    { zh: '不等于', en: 'not' },
    { zh: '不等于', en: 'not at' },
  ],
}

/** Any expression; a condition as a statement, a value as its name. */
export function wordsOf(t: Term, w: Wording): Label {
  switch (t.kind) {
    case 'literal':
      return literalWords(t, w)
    case 'now':
      return { zh: '现在', en: 'now' }
    case 'fact':
      return targetWords(t, w)
    case 'element':
      return t.field === null ? { zh: '其中一项', en: 'one of them' } : targetWords({ ...t, field: t.field }, w)
    case 'list':
      return w.schema[t.root]?.label ?? { zh: t.root, en: t.root }
    case 'items':
      return itemsWords(t, w)
    case 'has':
      return phrase('{0}有值', '{0} is known', targetWords(t.target, w))
    case 'not':
      return notWords(t, w)
    case 'negate':
      return phrase('−{0}', '−{0}', wordsOf(t.operand, w))
    case 'junction':
      return joinedWords(t.operands, t.op === '&&', w)
    case 'choice':
      return phrase('若{0}则{1}，否则{2}', '{1} if {0}, else {2}', ...[t.test, t.yes, t.no].map(x => wordsOf(x, w)))
    case 'arithmetic':
      return arithmeticWords(t, w)
    case 'compare':
      return phrase(
        '{0}{1}{2}',
        '{0} is {1} {2}',
        besideWords(t.left, t.right, w),
        orderOf(t),
        besideWords(t.right, t.left, w),
      )
    case 'in':
      return phrase('{0}是{1}之一', '{0} is one of {1}', wordsOf(t.item, w), besideWords(t.list, t.item, w))
    case 'macro':
      return macroWords(t, w)
    case 'apply':
      return applyWords(t, w)
    default:
      return preparedWords(t, w)
  }
}

export const orderOf = ({ op, left }: TermOf<'compare'>): Label => ORDERS[op][left.type === 'time' ? 1 : 0]

function literalWords(t: TermOf<'literal'>, w: Wording): Label {
  const value = isListType(t.type) ? { zh: '', en: '' } : valueWords(t.type, t.value, w.telling)
  const label = t.constant === undefined ? undefined : w.constants[t.constant]?.label
  return label ? phrase('“{0}”（{1}）', '{0} ({1})', label, value) : value
}

export const targetWords = (target: HasTarget, w: Pick<Wording, 'schema'>): Label => {
  const name = `${target.root}.${target.field}`
  return declaredAt(target, w)?.label ?? { zh: name, en: name }
}

function declaredAt(
  { root, field }: Pick<HasTarget, 'root' | 'field'>,
  { schema }: Pick<Wording, 'schema'>,
): ScalarField | undefined {
  const declared = Object.hasOwn(schema, root) ? schema[root] : undefined
  return declared && Object.hasOwn(declared.of, field) ? declared.of[field] : undefined
}

/** A code that this fact holds, as people call it; null when it is none. */
export function codeWords(t: Term, code: unknown, w: Pick<Wording, 'schema'>): Label | null {
  const { root, field } = t.kind === 'fact' || t.kind === 'element' ? t : { root: '', field: null }
  return field === null ? null : wordsOfCode(declaredAt({ root, field }, w), code)
}

/** A text, or texts, that the value of `beside` is held against. */
export function besideWords(t: Term, beside: Term, w: Wording): Label {
  if (t.kind === 'items' && t.constant === undefined)
    return listedWords(t.items.map(item => besideWords(item, beside, w)))
  const words = t.kind === 'literal' && t.constant === undefined ? codeWords(beside, t.value, w) : null
  return words ? phrase('“{0}”', '"{0}"', words) : wordsOf(t, w)
}

const SHOWN_ITEMS = 5

function itemsWords(t: TermOf<'items'>, w: Wording): Label {
  const label = t.constant === undefined ? undefined : w.constants[t.constant]?.label
  if (label) return label
  return listedWords(t.items.map(i => wordsOf(i, w)))
}

function listedWords(items: readonly Label[]): Label {
  const shown = items.slice(0, SHOWN_ITEMS)
  const more = items.length > SHOWN_ITEMS
  return {
    zh: shown.map(l => l.zh).join('、') + (more ? ' 等' : ''),
    en: shown.map(l => l.en).join(', ') + (more ? ' ...' : ''),
  }
}

function notWords({ operand }: TermOf<'not'>, w: Wording): Label {
  if (operand.kind === 'has') return phrase('{0}无值', '{0} is not known', targetWords(operand.target, w))
  if (operand.kind === 'in')
    return phrase(
      '{0}不是{1}之一',
      '{0} is none of {1}',
      wordsOf(operand.item, w),
      besideWords(operand.list, operand.item, w),
    )
  return phrase('并非：{0}', 'not: {0}', wordsOf(operand, w))
}

export function joinedWords(operands: readonly Term[], all: boolean, w: Wording): Label {
  const parts = operands.map(o => (o.kind === 'junction' ? phrase('（{0}）', '({0})', wordsOf(o, w)) : wordsOf(o, w)))
  return {
    zh: parts.map(p => p.zh).join(all ? '，且' : '，或'),
    en: parts.map(p => p.en).join(all ? ' and ' : ' or '),
  }
}

function arithmeticWords({ op, left, right }: TermOf<'arithmetic'>, w: Wording): Label {
  if (op === '-' && left.type === 'time' && right.type === 'time') {
    if (left.kind === 'now') return phrase('距{0}已过', 'the time since {0}', wordsOf(right, w))
    if (right.kind === 'now') return phrase('距{0}还有', 'the time until {0}', wordsOf(left, w))
    return phrase('{0}到{1}的时长', 'the time from {0} to {1}', wordsOf(right, w), wordsOf(left, w))
  }
  if (left.type === 'time' && right.type === 'dur') {
    const after = op === '+'
    return phrase(
      after ? '{0}之后{1}' : '{0}之前{1}',
      after ? '{1} after {0}' : '{1} before {0}',
      ...[left, right].map(x => wordsOf(x, w)),
    )
  }
  const sign = { '+': '＋', '-': '−', '*': '×', '/': '÷', '%': '%' }[op]
  return phrase(`{0} ${sign} {1}`, `{0} ${sign} {1}`, bracketed(left, w), bracketed(right, w))
}

const bracketed = (t: Term, w: Wording): Label =>
  t.kind === 'arithmetic' || t.kind === 'choice' ? phrase('（{0}）', '({0})', wordsOf(t, w)) : wordsOf(t, w)

const MACROS: { readonly [macro in TermOf<'macro'>['macro']]: readonly [zh: string, en: string] } = {
  exists: ['{0}中有一项满足：{1}', 'one of {0} has: {1}'],
  all: ['{0}每一项都满足：{1}', 'each of {0} has: {1}'],
  exists_one: ['{0}中恰有一项满足：{1}', 'exactly one of {0} has: {1}'],
  filter: ['{0}中满足“{1}”的项', '{0} with {1}'],
  sum: ['{0}的{1}合计', 'the sum over {0} of {1}'],
}

const macroWords = (t: TermOf<'macro'>, w: Wording): Label =>
  phrase(...MACROS[t.macro], wordsOf(t.list, w), wordsOf(t.body, w))

const CALLS: { readonly [fn in TermOf<'apply'>['fn']]: readonly [zh: string, en: string] } = {
  size: ['{0}的数量', 'the number of {0}'],
  abs: ['（{0}）的绝对值', 'the size of ({0})'],
  min: ['{0}与{1}中较小者', 'the smaller of {0} and {1}'],
  max: ['{0}与{1}中较大者', 'the larger of {0} and {1}'],
  contains: ['{0}包含{1}', '{0} contains {1}'],
  startsWith: ['{0}以{1}开头', '{0} starts with {1}'],
  endsWith: ['{0}以{1}结尾', '{0} ends with {1}'],
  lowerAscii: ['{0}（小写）', '{0} in lower case'],
  days: ['{0} 天', '{0} d'],
  hours: ['{0} 小时', '{0} h'],
  minutes: ['{0} 分钟', '{0} min'],
  minor: ['{0}（最小货币单位）', '{0} minor units'],
}

function applyWords({ fn, args }: TermOf<'apply'>, w: Wording): Label {
  const [first] = args
  if (fn === 'size' && first?.type === 'string') return phrase('{0}的长度', 'the length of {0}', wordsOf(first, w))
  return phrase(...CALLS[fn], ...args.map(a => wordsOf(a, w)))
}

const STEPS: { readonly [name: string]: readonly [zh: string, en: string] } = {
  isBusinessTime: ['{0}在工作时间内', '{0} is in business hours'],
  isWorkday: ['{0}是工作日', '{0} is on a workday'],
  getHours: ['{0}的小时', 'the hour of {0}'],
  getMinutes: ['{0}的分钟', 'the minute of {0}'],
  getSeconds: ['{0}的秒', 'the second of {0}'],
  getMilliseconds: ['{0}的毫秒', 'the millisecond of {0}'],
  getDayOfWeek: ['{0}是星期几（0 为星期日）', 'the weekday of {0} (0 is Sunday)'],
  getDate: ['{0}是几号', 'the day of the month of {0}'],
  getDayOfMonth: ['{0}是几号（从 0 数）', 'the day of the month of {0}, from 0'],
  getDayOfYear: ['{0}是当年第几天（从 0 数）', 'the day of the year of {0}, from 0'],
  getMonth: ['{0}的月份（从 0 数）', 'the month of {0}, from 0'],
  getFullYear: ['{0}的年份', 'the year of {0}'],
}

/** Clocks, calendars and prepared tests of texts. */
function preparedWords(t: Term, w: Wording): Label {
  switch (t.kind) {
    case 'step': {
      const words = phrase(...(STEPS[t.step.name] ?? ['{0}', '{0}']), wordsOf(t.of, w))
      return t.step.where ? { zh: `${words.zh}（${t.step.where}）`, en: `${words.en} (${t.step.where})` } : words
    }
    case 'business':
      return businessWords(t, w)
    case 'due':
      return phrase('{0}之后{1}工作时间', '{1} of business time after {0}', wordsOf(t.from, w), wordsOf(t.by, w))
    case 'tested':
      return t.name === 'matches'
        ? phrase('{0}符合格式', '{0} has the form', wordsOf(t.of, w))
        : phrase('{0}含有关键词', '{0} contains one of the words', wordsOf(t.of, w))
    case 'looked':
      return phrase(
        '{0}对应的{1}',
        '{1} of {0}',
        wordsOf(t.key, w),
        w.constants[t.name]?.label ?? { zh: t.name, en: t.name },
      )
    default:
      return { zh: '', en: '' }
  }
}

function businessWords({ from, to, calendar }: TermOf<'business'>, w: Wording): Label {
  const named = (words: Label): Label => ({ zh: `${words.zh}（${calendar.id}）`, en: `${words.en} (${calendar.id})` })
  if (to.kind === 'now') return named(phrase('自{0}起的工作时间', 'the business time since {0}', wordsOf(from, w)))
  if (from.kind === 'now') return named(phrase('到{0}为止的工作时间', 'the business time until {0}', wordsOf(to, w)))
  return named(phrase('{0}到{1}的工作时间', 'the business time from {0} to {1}', wordsOf(from, w), wordsOf(to, w)))
}
