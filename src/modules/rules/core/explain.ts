import type { FactSchema, FactValues, Label } from '../../../contract/facts.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { checkRule } from '../dialect/check.ts'
import type { Calendars } from '../dialect/scope.ts'
import { isListType, type Term, type TermOf } from '../dialect/term.ts'
import type { Constants } from '../types.ts'
import { type Telling, timeWords, valueWords } from './amounts.ts'
import { conditionOf, flipOf, runOf } from './temporal.ts'
import { FAULT, frameAt } from './temporal-frame.ts'
import { besideWords, codeWords, orderOf, phrase, targetWords, type Wording, wordsOf } from './words.ts'

/** One part of a condition: what it says, what it is now, and until when. */
export interface Explained {
  /** `all` and `any` of their children, `list` over elements, `value` for what is compared, `test` for the rest. */
  readonly kind: 'all' | 'any' | 'not' | 'choice' | 'list' | 'element' | 'test' | 'value'
  /** Range of the rule's text. */
  readonly start: number
  readonly end: number
  /** Null when it cannot be told, as a fact is missing or is not what its schema says. */
  readonly value: boolean | number | string | null
  readonly shown: Label
  /** The value is certain until then if nothing happens; null for ever. */
  readonly until: Instant | null
  /** The exact instant at which a condition changes by time alone; null for never, and for values. */
  readonly flipsAt: Instant | null
  readonly words: Label
  readonly children: readonly Explained[]
}

export interface Explanation {
  readonly holds: boolean
  readonly flipsAt: Instant | null
  /** The whole in a sentence. */
  readonly words: Label
  readonly tree: Explained
}

export interface ExplainOptions {
  /** IANA zone of the reader. */
  readonly zone: string
  /** Of the order's amounts, when it is known. */
  readonly currency?: string | null
}

export type Explain = (facts: FactValues, now: Instant, options: ExplainOptions) => Explanation

/** Elements of a list that are explained one by one. */
const SHOWN_ELEMENTS = 3

/**
 * Prepares the explanation of a rule: why it does or does not hold on any facts at any instant, node by node, in words of
 * both languages. Null when the condition does not pass the checker.
 */
export function explainerOf(
  rule: { readonly when: string; readonly constants: Constants },
  schema: FactSchema,
  calendars: Calendars = {},
): Explain | null {
  const checked = checkRule(rule.when, schema, { constants: rule.constants, calendars })
  if (!checked.ok) return null
  const { term } = checked
  return (facts, now, { zone, currency = null }) => {
    const telling: Telling = { zone, now, currency }
    const scene: Scene = { facts, now, elements: [], wording: { schema, constants: rule.constants, telling } }
    const tree = explained(term, scene)
    return { holds: tree.value === true, flipsAt: tree.flipsAt, words: summary(term, tree, scene), tree }
  }
}

/** The facts, the instant and the list elements around. */
interface Scene {
  readonly facts: FactValues
  readonly now: Instant
  readonly elements: readonly unknown[]
  readonly wording: Wording
}

function explained(t: Term, scene: Scene): Explained {
  const { facts, now, elements, wording } = scene
  const condition = conditionOf(t, elements)
  const { value, until } = condition(facts, now)
  const flip = flipOf(condition, facts, now)
  const node = {
    ...spanOf(t),
    kind: kindOf(t),
    value: value === FAULT ? null : value,
    shown: shownTruth(value === FAULT ? null : value),
    until: finite(until),
    flipsAt: finite(flip),
    children: childrenOf(t, scene),
  }
  return { ...node, words: told(t, node, wording) }
}

const spanOf = (t: Term) => t.span ?? { start: 0, end: 0 }
const finite = (at: number): Instant | null => (at === Number.POSITIVE_INFINITY ? null : at)

function kindOf(t: Term): Explained['kind'] {
  if (t.kind === 'junction') return t.op === '&&' ? 'all' : 'any'
  if (t.kind === 'macro') return 'list'
  if (t.kind === 'choice') return 'choice'
  return t.kind === 'not' && !isSimple(t.operand) ? 'not' : 'test'
}

/** What is told in one phrase with its negation. */
const isSimple = (t: Term): boolean => t.kind === 'has' || t.kind === 'in' || t.kind === 'fact' || t.kind === 'element'

function childrenOf(t: Term, scene: Scene): Explained[] {
  switch (t.kind) {
    case 'junction':
      return t.operands.map(o => explained(o, scene))
    case 'choice':
      return [t.test, t.yes, t.no].map(o => explained(o, scene))
    case 'not':
      return isSimple(t.operand) ? childrenOf(t.operand, scene) : [explained(t.operand, scene)]
    case 'macro':
      return elementsOf(t, scene)
    case 'compare':
      return [t.left, t.right].filter(o => o.kind !== 'literal').map(o => valueNode(o, scene))
    case 'step':
    case 'tested':
      return [valueNode(t.of, scene)]
    case 'in':
      return [valueNode(t.item, scene)]
    default:
      return []
  }
}

/** A number, text or time that is compared: its value and how long that form of it is certain. */
function valueNode(t: Term, { facts, now, elements, wording }: Scene): Explained {
  const frame = frameAt(facts, now, elements)
  const raw = runOf(t)(frame)
  const moved = typeof raw === 'number' ? raw + frame.slope * now : raw
  const value = typeof moved === 'number' || typeof moved === 'string' || typeof moved === 'boolean' ? moved : null
  const type = isListType(t.type) ? null : t.type
  const code = codeWords(t, value, wording)
  const known = (): Label => (value === null || type === null ? unknown(t) : valueWords(type, value, wording.telling))
  const shown = code ? phrase('“{0}”', '"{0}"', code) : known()
  const name = wordsOf(t, wording)
  return {
    ...{ ...spanOf(t), kind: 'value', value, shown, children: [], flipsAt: null, until: finite(frame.until) },
    words: {
      // "距付款已过 23 小时" reads by itself; other names need a verb.
      zh: /(已过|还有)$/.test(name.zh) ? `${name.zh} ${shown.zh}` : `${name.zh}为${shown.zh}`,
      en: `${name.en} is ${shown.en}`,
    },
  }
}

const unknown = (t: Term): Label =>
  isListType(t.type) ? { zh: '列表', en: 'a list' } : { zh: '没有值', en: 'not known' }

/** The elements that decide, first of all: those that fulfil it, for all() those that do not. */
function elementsOf(t: TermOf<'macro'>, scene: Scene): Explained[] {
  const list = runOf(t.list)(frameAt(scene.facts, scene.now, scene.elements))
  if (!Array.isArray(list) || t.body.type !== 'bool') return []
  const wanted = t.macro !== 'all'
  const nodes = list.slice(0, 50).map((element, i) => {
    const elements = [...scene.elements]
    elements[t.depth] = element
    const node = explained(t.body, { ...scene, elements })
    const name: Label = { zh: `第 ${i + 1} 项`, en: `item ${i + 1}` }
    return {
      ...node,
      kind: 'element' as const,
      words: phrase('{0}：{1}', '{0}: {1}', name, node.words),
      children: [node],
    }
  })
  return nodes.toSorted((a, b) => Number(b.value === wanted) - Number(a.value === wanted)).slice(0, SHOWN_ELEMENTS)
}

const shownTruth = (value: boolean | null): Label => {
  if (value === null) return { zh: '无法判断', en: 'cannot be told' }
  return value ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' }
}

type Node = Omit<Explained, 'words'>

/** What it says, what it is and what time will do to it. */
function told(t: Term, node: Node, wording: Wording): Label {
  const said = saidOf(t, node, wording)
  const flip = flipWords(node, wording.telling)
  return flip ? phrase('{0}；{1}', '{0}; {1}', said, flip) : said
}

/** What is the case, and for what is compared also what is wanted. */
function saidOf(t: Term, node: Node, wording: Wording): Label {
  const positive = t.kind === 'not' && isSimple(t.operand) ? t.operand : t
  const truth = node.value === null ? null : positive === t ? node.value === true : node.value !== true
  if (positive.kind === 'junction') return countedWords(positive, node)
  if (positive.kind === 'has') {
    const name = targetWords(positive.target, wording)
    return truth ? phrase('{0}有值', '{0} is known', name) : phrase('{0}无值', '{0} is not known', name)
  }
  if (positive.kind === 'compare') return comparedWords(positive, node, wording)
  if (positive.kind === 'in' && node.children[0]) {
    const list = besideWords(positive.list, positive.item, wording)
    const wanted = positive === t ? phrase('是{0}之一', 'one of {0}', list) : phrase('不是{0}之一', 'none of {0}', list)
    return phrase('{0}，要求{1}', '{0}, wanted: {1}', node.children[0].words, wanted)
  }
  return phrase('{0}：{1}', '{0}: {1}', wordsOf(positive, wording), shownTruth(truth))
}

function countedWords({ op }: TermOf<'junction'>, { children }: Node): Label {
  const met = children.filter(c => c.value === true).length
  const all = op === '&&'
  return {
    zh: `${all ? '全部' : '任一'}满足：${children.length} 项中 ${met} 项成立`,
    en: `${all ? 'all' : 'any'} of these: ${met} of ${children.length} hold`,
  }
}

/** "the time since payment is 23 h 12 m, wanted: more than 24 h"; a comparison with now is told of the other side. */
function comparedWords(t: TermOf<'compare'>, node: Node, wording: Wording): Label {
  const [left, right] = [t.left, t.right].map(o => node.children.find(c => c.start === spanOf(o).start))
  const order = orderOf(t)
  if (t.left.kind === 'now' && right) return phrase('{0}，要求现在{1}它', '{0}, wanted: now {1} it', right.words, order)
  if (!left) return phrase('{0}：{1}', '{0}: {1}', wordsOf(t, wording), node.shown)
  const name = besideWords(t.right, t.left, wording)
  const limit = right ? phrase('{0}（{1}）', '{0} ({1})', name, right.shown) : name
  return {
    zh: `${left.words.zh}，要求${order.zh}${limit.zh}`,
    en: `${left.words.en}, wanted: ${order.en} ${limit.en}`.replace('wanted:  ', 'wanted: '),
  }
}

function flipWords({ value, flipsAt }: Node, telling: Telling): Label | null {
  if (flipsAt === null || value === null) return null
  const at = timeWords(flipsAt, telling)
  return value ? phrase('{0} 起不再成立', 'ceases {0}', at) : phrase('将于{0} 成立', 'becomes true {0}', at)
}

function summary(term: Term, tree: Explained, scene: Scene): Label {
  const { telling } = scene.wording
  if (tree.value === true) {
    if (tree.flipsAt === null) return { zh: '成立', en: 'Holds' }
    return phrase('成立，到{0} 为止', 'Holds until {0}', timeWords(tree.flipsAt, telling))
  }
  const parts = term.kind === 'junction' && term.op === '&&' ? term.operands : [term]
  const lacking = tree.kind === 'all' ? tree.children.filter(c => c.value !== true) : [tree]
  const first = lacking[0] ?? tree
  const of = parts.find(p => p.span?.start === first.start && p.span.end === first.end) ?? term
  const more: Label =
    lacking.length > 1
      ? { zh: `（另有 ${lacking.length - 1} 项不满足）`, en: ` (and ${lacking.length - 1} more)` }
      : { zh: '', en: '' }
  const head = phrase('不成立：{0}{1}', 'Does not hold: {0}{1}', saidOf(of, first, scene.wording), more)
  if (tree.flipsAt === null) return head
  const when = timeWords(tree.flipsAt, telling)
  const unless = enders(parts, scene.wording)
  if (!unless) return phrase('{0}；将于{1} 成立', '{0}; becomes true {1}', head, when)
  return phrase('{0}；将于{1} 成立，除非{2}有变化', '{0}; becomes true {1} unless {2} changes', head, when, unless)
}

const NAMED = 3

/** The facts whose arrival would keep the rule from holding: what it says must not be there or not be so. */
function enders(parts: readonly Term[], wording: Wording): Label | null {
  const facts = parts.flatMap(p => {
    if (p.kind !== 'not') return []
    if (p.operand.kind === 'has') return [targetWords(p.operand.target, wording)]
    return p.operand.kind === 'fact' ? [targetWords(p.operand, wording)] : []
  })
  if (facts.length === 0) return null
  const shown = facts.slice(0, NAMED)
  const more = facts.length > NAMED
  return {
    zh: shown.map(f => `“${f.zh}”`).join('或') + (more ? '等' : ''),
    en: shown.map(f => f.en).join(' or ') + (more ? ' or another' : ''),
  }
}
