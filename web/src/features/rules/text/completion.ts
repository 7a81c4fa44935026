import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { Label } from '../../../../../src/contract/facts.ts'
import { FUNCTION_CATALOGUE } from '../../../../../src/modules/rules/browser.ts'
import type { Names } from '../model/ground.ts'

type Said = (label: Label) => string

/** Everything that a condition may name, with what it is. */
export function completionsOf({ ground, constants }: Names, said: Said): Completion[] {
  const facts = Object.entries(ground.schema).flatMap(([root, declared]): Completion[] => {
    if (declared.type === 'list') return [{ label: root, type: 'namespace', detail: said(declared.label) }]
    return Object.entries(declared.of).map(([field, { label, unit }]) => ({
      ...{ label: `${root}.${field}`, type: 'property', detail: said(label) },
      ...(unit !== undefined && { info: unit }),
    }))
  })
  const named = Object.entries(constants).map(([name, { label }]) => ({
    ...{ label: name, type: 'constant', detail: said(label) },
  }))
  const functions = FUNCTION_CATALOGUE.map(({ name, usage, label }) => ({
    ...{ label: name, type: 'function', detail: said(label), info: usage, apply: `${name}(` },
  }))
  return [...facts, ...named, ...functions, { label: 'now', type: 'keyword' }]
}

const ELEMENT = /(\w+)\.(?:exists|all|exists_one|filter|sum)\(\s*(\w+)\s*,/g

/** Fields of the list element that is called so in the text before; null for any other name. */
function elementCompletions(before: string, name: string, { ground }: Names, said: Said): Completion[] | null {
  const lists = [...before.matchAll(ELEMENT)].filter(match => match[2] === name)
  const declared = ground.schema[lists.at(-1)?.[1] ?? '']
  if (declared?.type !== 'list') return null
  return Object.entries(declared.of).map(([field, { label }]) => ({
    ...{ label: `${name}.${field}`, type: 'property', detail: said(label) },
  }))
}

export function complete(context: CompletionContext, names: Names, said: Said): CompletionResult | null {
  const word = context.matchBefore(/[\w.]+/)
  if (word === null || (word.from === word.to && !context.explicit)) return null
  const before = context.state.sliceDoc(0, word.from)
  const element = elementCompletions(before, word.text.split('.')[0] ?? '', names, said)
  return { from: word.from, options: element ?? completionsOf(names, said), validFor: /^[\w.]*$/ }
}
