import type { Node } from 'oxc-parser'
import { type Problem, type SourceFile, walk } from './source.ts'

export type Texts = Readonly<Record<string, string>>

export interface Room {
  /** Folder of a feature, of the kit or of the app. */
  readonly room: string
  readonly zh: Texts
  readonly en: Texts
  /** Its code, without the texts themselves. */
  readonly code: readonly SourceFile[]
}

/** Keys that a language lacks, that nobody uses, that are asked for and not there, and slots that differ. */
export function keyProblems({ room, zh, en, code }: Room): Problem[] {
  const at = (path: string, key: string, told: { code: string; message: string }): Problem => ({
    ...told,
    path: `${room}/${path}`,
    line: 1,
    message: `${key}: ${told.message}`,
  })
  const used = usesIn(code)
  const plain = Object.keys(zh)
  return [
    ...plain
      .filter(key => !(key in en))
      .map(key => at('en.ts', key, { code: 'text-missing', message: 'not in English' })),
    ...Object.keys(en)
      .filter(key => !(key in zh) && !(key.replace(/_one$/, '') in zh))
      .map(key => at('zh-CN.ts', key, { code: 'text-missing', message: 'not in Chinese' })),
    ...plain
      .filter(key => !used.exact.has(key) && !used.patterns.some(pattern => pattern.test(key)))
      .map(key => at('zh-CN.ts', key, { code: 'text-unused', message: 'nobody asks for it' })),
    ...plain
      .filter(key => en[key] !== undefined && slots(zh[key]) !== slots(en[key]))
      .map(key => at('en.ts', key, { code: 'text-slots', message: 'the languages take different values' })),
    ...used.asked
      .filter(ask => !(ask.key in zh))
      .map(ask => ({ path: ask.path, line: ask.line, code: 'text-missing', message: `${ask.key}: no such text` })),
  ]
}

const slots = (text: string | undefined): string =>
  [...new Set([...(text ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(m => m[1]))].sort().join(',')

interface Uses {
  /** Every string of the code: a key may be chosen in a table. */
  readonly exact: ReadonlySet<string>
  /** Keys that are put together, as `state.` and something. */
  readonly patterns: readonly RegExp[]
  /** Keys that `t` is called with. */
  readonly asked: readonly { readonly key: string; readonly path: string; readonly line: number }[]
}

function usesIn(code: readonly SourceFile[]): Uses {
  const exact = new Set<string>()
  const patterns: RegExp[] = []
  const asked: { key: string; path: string; line: number }[] = []
  for (const file of code)
    walk(file.program, (node, parent) => {
      if (node.type === 'ImportDeclaration') return false
      const text = stringOf(node)
      if (text !== null) exact.add(text)
      if (node.type === 'TemplateLiteral') patterns.push(patternOf(node))
      if (text !== null && isAsked(node, parent))
        asked.push({ key: text, path: file.path, line: file.lineAt(node.start) })
      return true
    })
  return { exact, patterns: patterns.filter(p => p.source !== '^.+$'), asked }
}

const stringOf = (node: Node): string | null =>
  node.type === 'Literal' && typeof node.value === 'string' ? node.value : null

const isAsked = (node: Node, parent: Node | null): boolean =>
  parent?.type === 'CallExpression' &&
  parent.callee.type === 'Identifier' &&
  parent.callee.name === 't' &&
  parent.arguments[0] === node

const patternOf = (node: Extract<Node, { type: 'TemplateLiteral' }>): RegExp =>
  new RegExp(`^${node.quasis.map(q => (q.value.cooked ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`)

const CJK = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/
// A letter pair is a word; the name of the product is the same everywhere, and so are units.
const WORD = /[a-z]{2,}/i
const SAME_EVERYWHERE = /^(Andon|SKU|CEL|API|px)$/

/** Words that a person reads, written in the code. */
export function writtenProblems(file: SourceFile): Problem[] {
  const found: Problem[] = []
  const add = (node: Node, text: string): void => {
    const message = `"${text.trim().slice(0, 40)}" belongs into the texts of both languages`
    found.push({ path: file.path, line: file.lineAt(node.start), code: 'text-in-code', message })
  }
  walk(file.program, node => {
    if (node.type === 'JSXText') {
      const words = node.value.split(/[\s·,.:;()/]+/).filter(word => WORD.test(word) && !SAME_EVERYWHERE.test(word))
      if (words.length > 0 || CJK.test(node.value)) add(node, node.value)
      return
    }
    const text = stringOf(node) ?? (node.type === 'TemplateElement' ? (node.value.cooked ?? '') : '')
    if (CJK.test(text)) add(node, text)
  })
  return found
}
