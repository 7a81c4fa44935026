import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { tags } from '@lezer/highlight'
import { FUNCTION_CATALOGUE } from '../../../../../src/modules/rules/browser.ts'

const FUNCTIONS: ReadonlySet<string> = new Set(FUNCTION_CATALOGUE.map(f => f.name))
const WORD = /^[A-Za-z_]\w*/
const NUMBER = /^\d+(\.\d+)?/
const TEXT = /^r?('([^'\\]|\\.)*'?|"([^"\\]|\\.)*"?)/

/** Colours only; what is right and wrong is the checker's to say. */
const dialect = StreamLanguage.define<null>({
  name: 'andon-rules',
  token(stream) {
    if (stream.eatSpace()) return null
    if (stream.match('//')) {
      stream.skipToEnd()
      return 'comment'
    }
    if (stream.match(TEXT)) return 'string'
    if (stream.match(NUMBER)) return 'number'
    const word = stream.match(WORD)
    if (word) {
      const name = typeof word === 'boolean' ? '' : (word[0] ?? '')
      if (/^(true|false|in|now)$/.test(name)) return 'keyword'
      return FUNCTIONS.has(name) && stream.peek() === '(' ? 'keyword' : 'variableName'
    }
    stream.next()
    return null
  },
})

// Classes, so that the theme of the page decides the colours.
const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.keyword, class: 'cm-k' },
    { tag: tags.string, class: 'cm-s' },
    { tag: tags.number, class: 'cm-n' },
    { tag: tags.comment, class: 'cm-c' },
  ]),
)

export const language = [dialect, colours]
