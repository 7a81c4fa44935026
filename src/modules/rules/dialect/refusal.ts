import type { Label, ScalarType } from '../../../contract/facts.ts'
import type { Span } from './ast.ts'

/** Why a rule's text is not accepted, where, and what to write instead. Codes are stable; positions are UTF-16 offsets. */
export interface Refusal extends Span {
  readonly code: RefusalCode
  readonly message: Label
}

/** {0}, {1} ... are filled in. Every sentence says what to do. */
const SENTENCES = {
  syntax: {
    zh: '这里的写法无法识别（{0}），请检查括号、引号和运算符',
    en: 'This is not valid here ({0}): check brackets, quotes and operators',
  },
  not_supported: {
    zh: '规则里不能使用 {0}，请改用字段、比较、列表条件和已列出的函数',
    en: '{0} cannot be used in a rule: use fields, comparisons, list conditions and the listed functions',
  },
  null_refused: {
    zh: '规则里没有 null，请用 has(字段) 判断是否有值',
    en: 'There is no null in rules: write has(field) to ask whether there is a value',
  },
  bad_pattern: {
    zh: '正则 {0} 不能使用（{1}）：请写在引号里，最长 {2} 个字符，采用 RE2 语法（没有反向引用和环视）',
    en: 'The pattern {0} cannot be used ({1}): write it in quotes, at most {2} characters, in RE2 syntax (no back references, no look-around)',
  },
  unknown_calendar: {
    zh: '没有名为 {0} 的工作日历{1}',
    en: 'There is no business calendar named {0}{1}',
  },
  unknown_zone: {
    zh: "时区 {0} 无法识别，请写成 'Asia/Shanghai' 或 '+08:00'",
    en: "{0} is not a time zone: write 'Asia/Shanghai' or '+08:00'",
  },
  literal_needed: {
    zh: '{0}() 的这个参数要直接写成引号里的文本，例如 {1}',
    en: 'This argument of {0}() must be a text written in quotes, for example {1}',
  },
  bad_money: {
    zh: "金额 {0} 无法识别，请写成 money('12.50', 'CNY')",
    en: "{0} is not an amount: write money('12.50', 'CNY')",
  },
  lookup_only: {
    zh: '{0} 是对照表，请写成 lookup({0}, 字段)',
    en: '{0} is a table: write lookup({0}, field)',
  },
  two_moving_times: {
    zh: '{0}() 里只能有一个随 now 变化的时刻，请把另一个换成字段',
    en: 'Only one argument of {0}() may move with now: use a fact for the other',
  },
  moves_too_fast: {
    zh: '{0}() 用在 now 上会不停变化，请用 getHours()、getDate() 或直接比较时间',
    en: '{0}() of now changes all the time: use getHours() or getDate(), or compare times directly',
  },
  unknown_name: { zh: '没有名为 {0} 的事实或常量{1}', en: 'There is no fact or constant named {0}{1}' },
  unknown_field: { zh: '{0} 没有字段 {1}{2}', en: '{0} has no field {1}{2}' },
  unknown_function: { zh: '没有函数 {0}()，可用的有：{1}', en: 'There is no function {0}(): use one of {1}' },
  needs_field: {
    zh: '{0} 是一组字段，请指明其中一个，例如 {1}',
    en: '{0} is a record: name one of its fields, for example {1}',
  },
  list_needs_condition: {
    zh: '{0} 是列表，请写 {0}.exists(x, x.{1} ...) 或 {0}.all(x, ...)',
    en: '{0} is a list: write {0}.exists(x, x.{1} ...) or {0}.all(x, ...)',
  },
  name_taken: {
    zh: '名称 {0} 已被使用，请为列表元素换一个名称',
    en: 'The name {0} is taken: choose another for the list element',
  },
  unguarded_optional: {
    zh: '{0} 可能没有值，请在同一个条件里先写 has({0}) && ...',
    en: '{0} may be missing: write has({0}) && ... in the same condition',
  },
  has_needs_field: {
    zh: 'has() 里要写一个字段，例如 has(order.paidAt)',
    en: 'has() needs a field: write for example has(order.paidAt)',
  },
  wrong_arguments: { zh: '{0}() 的参数不对，应写成 {1}', en: 'Wrong arguments for {0}(): write {1}' },
  wrong_type: { zh: '这里需要{0}，实际是{1}，请换一个值', en: 'This needs {0} and is {1}: use another value' },
  unit_mismatch: { zh: '{0}和{1}不能这样一起使用：{2}', en: '{0} and {1} do not go together here: {2}' },
  now_not_allowed: {
    zh: "now 不能用在 {0} 里，因为无法算出结果何时改变；请直接比较时间，例如 now - order.paidAt > duration('24h')",
    en: "now cannot be used in {0}, as the moment its result changes cannot be computed: compare times directly, e.g. now - order.paidAt > duration('24h')",
  },
  divisor_not_constant: {
    zh: '除数必须是非零的数字或常量，请把比较改写成乘法',
    en: 'The divisor must be a number or constant other than zero: rewrite the comparison as a multiplication',
  },
  not_a_condition: {
    zh: '规则必须是一个是或否的条件，这里得到的是{0}；请加上比较',
    en: 'A rule must be a condition that is true or false and this is {0}: compare it with something',
  },
  bad_duration: {
    zh: "时长 {0} 无法识别，请写成 duration('24h')、duration('90m') 或 days(2)",
    en: "{0} is not a duration: write duration('24h'), duration('90m') or days(2)",
  },
  bad_timestamp: {
    zh: "时刻 {0} 无法识别，请写成 timestamp('2026-11-11T00:00:00+08:00')",
    en: "{0} is not a point in time: write timestamp('2026-11-11T00:00:00+08:00')",
  },
  too_large: {
    zh: '规则有 {0} 个节点，上限 {1}，请拆成几条规则',
    en: 'The rule has {0} nodes and {1} are allowed: split it into several rules',
  },
  too_deep: {
    zh: '列表条件嵌套了 {0} 层，上限 {1} 层，请改写成并列的条件',
    en: 'List conditions are nested {0} deep and {1} are allowed: write them side by side',
  },
  too_costly: {
    zh: '最坏情况下要计算 {0} 步，上限 {1} 步，请减少列表条件的嵌套',
    en: 'The rule may take {0} steps and {1} are allowed: nest fewer list conditions',
  },
} as const satisfies Record<string, Label>

export type RefusalCode = keyof typeof SENTENCES
export const REFUSAL_CODES = Object.keys(SENTENCES) as readonly RefusalCode[]

/** Words are the same in both languages or have one form for each. */
export type Word = string | number | Label

export function refusal(code: RefusalCode, span: Span, ...words: readonly Word[]): Refusal {
  const fill = (language: 'zh' | 'en') =>
    SENTENCES[code][language].replace(/\{(\d)\}/g, (_, i) => {
      const word = words[Number(i)] ?? ''
      return typeof word === 'object' ? word[language] : String(word)
    })
  return { code, start: span.start, end: span.end, message: { zh: fill('zh'), en: fill('en') } }
}

export const TYPE_WORDS: { readonly [type in ScalarType | 'list' | 'record']: Label } = {
  bool: { zh: '是/否', en: 'true/false' },
  string: { zh: '文本', en: 'text' },
  num: { zh: '数字', en: 'a number' },
  money: { zh: '金额', en: 'an amount of money' },
  time: { zh: '时刻', en: 'a point in time' },
  dur: { zh: '时长', en: 'a length of time' },
  list: { zh: '列表', en: 'a list' },
  record: { zh: '一组字段', en: 'a record' },
}

/** `, did you mean x?` for the nearest known name, or nothing. */
export function didYouMean(name: string, known: readonly string[]): Label {
  const near = known
    .map(k => ({ k, d: distance(name.toLowerCase(), k.toLowerCase()) }))
    .filter(({ k, d }) => d <= Math.max(1, Math.floor(Math.min(k.length, name.length) / 3)))
    .sort((a, b) => a.d - b.d)[0]
  if (near) return { zh: `，是不是 ${near.k}？`, en: `: did you mean ${near.k}?` }
  const some = known.slice(0, 12).join(', ')
  return { zh: `，可用的有：${some}`, en: `: use one of ${some}` }
}

/** Levenshtein, where two letters that changed places count once; one row at a time. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const put = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      next.push(Math.min(put, row[j]! + 1, next[j - 1]! + 1, swapped ? before[j - 2]! + 1 : put))
    }
    before = row
    row = next
  }
  return row[b.length]!
}
