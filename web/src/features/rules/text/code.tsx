import { autocompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { bracketMatching } from '@codemirror/language'
import { type Diagnostic, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState, type Extension, type Transaction } from '@codemirror/state'
import { EditorView, keymap, lineNumbers, tooltips } from '@codemirror/view'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Names } from '../model/ground.ts'
import { useSaid } from '../sentence/said.ts'
import { complete } from './completion.ts'
import { language } from './language.ts'

export interface CodeProps {
  readonly label: string
  readonly value: string
  readonly readOnly: boolean
  /** What is wrong, by UTF-16 offsets. */
  readonly problems: readonly { readonly start: number; readonly end: number; readonly message: string }[]
  readonly names: Names
  readonly onText: (text: string) => void
}

// Vite puts the nonce of this page there; styles of the editor must carry it.
const nonce = document.querySelector<HTMLElement>('meta[property=csp-nonce]')?.nonce ?? ''

const USUAL: Extension = [
  EditorView.cspNonce.of(nonce),
  lineNumbers(),
  history(),
  bracketMatching(),
  language,
  // Tab leaves the box: nobody who works with the keyboard is caught in it.
  keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
  tooltips({ parent: document.body }),
  EditorView.lineWrapping,
]

/** The condition as text: what is wrong is underlined where it is. */
export function Code({ label, value, readOnly, problems, names, onText }: CodeProps): ReactNode {
  const said = useSaid()
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const told = useRef({ onText, names, said })
  told.current = { onText, names, said }
  const locked = useRef(new Compartment())
  const named = useRef(new Compartment())
  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes later is told to it below
  useEffect(() => {
    if (box.current === null) return
    const state = EditorState.create({
      doc: value,
      extensions: [
        USUAL,
        autocompletion({ override: [context => complete(context, told.current.names, told.current.said)] }),
        locked.current.of(EditorState.readOnly.of(readOnly)),
        named.current.of(EditorView.contentAttributes.of({ 'aria-label': label })),
        EditorView.updateListener.of(update => {
          if (update.docChanged && update.transactions.some(isTyped)) told.current.onText(update.state.doc.toString())
        }),
      ],
    })
    const made = new EditorView({ state, parent: box.current })
    view.current = made
    return () => made.destroy()
  }, [])
  useEffect(() => {
    const now = view.current
    if (now !== null && now.state.doc.toString() !== value)
      now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value } })
  }, [value])
  useEffect(() => {
    view.current?.dispatch({ effects: locked.current.reconfigure(EditorState.readOnly.of(readOnly)) })
  }, [readOnly])
  useEffect(() => {
    const attributes = EditorView.contentAttributes.of({ 'aria-label': label })
    view.current?.dispatch({ effects: named.current.reconfigure(attributes) })
  }, [label])
  useEffect(() => {
    const now = view.current
    if (now === null) return
    now.dispatch(
      setDiagnostics(
        now.state,
        problems.map(problem => diagnosticOf(problem, now.state.doc.length)),
      ),
    )
  }, [problems])
  return <div ref={box} className="code" />
}

/** By a person, not by the rows beside it. */
const isTyped = (one: Transaction): boolean =>
  ['input', 'delete', 'move', 'undo', 'redo'].some(kind => one.isUserEvent(kind))

const diagnosticOf = (problem: CodeProps['problems'][number], end: number): Diagnostic => ({
  from: Math.min(problem.start, end),
  to: Math.min(Math.max(problem.end, problem.start), end),
  severity: 'error',
  message: problem.message,
})
