import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import { hear, shownKeys, strokeOf } from './keys.ts'
import { usePrefs } from './prefs.ts'

/**
 * Verbs: what can be done on the screen right now. Pages register theirs; the command menu, the list of keys and the
 * keyboard all read this one table, so that a verb has the same words everywhere.
 */
export interface Verb {
  readonly id: string
  /** The same words as on its button. */
  readonly label: string
  /** Heading under which it is listed. */
  readonly group: string
  /** See `keys.ts`. */
  readonly keys?: string
  /** Further keys for the same, not shown on the button. */
  readonly alsoKeys?: readonly string[]
  /** Why it cannot be done now. */
  readonly unable?: string | null
  /** Only a key, too small to be a command: moving, closing. */
  readonly keyOnly?: boolean
  readonly run: () => void
}

interface Layer {
  readonly id: number
  readonly verbs: readonly Verb[]
}

interface VerbTable {
  readonly layers: readonly Layer[]
}

export const useVerbTable = create<VerbTable>(() => ({ layers: [] }))

let made = 0

/** Offers verbs as long as the component is on the screen. A later layer wins over an earlier one for the same key. */
export function useVerbs(verbs: readonly Verb[]): void {
  const id = useRef(0)
  useEffect(() => {
    id.current = ++made
    const mine = id.current
    return () => useVerbTable.setState(table => ({ layers: table.layers.filter(layer => layer.id !== mine) }))
  }, [])
  useEffect(() => {
    const mine = id.current
    useVerbTable.setState(({ layers }) => {
      const layer = { id: mine, verbs }
      const known = layers.some(l => l.id === mine)
      return { layers: known ? layers.map(l => (l.id === mine ? layer : l)) : [...layers, layer] }
    })
  }, [verbs])
}

/** All verbs on offer, the newest layer first. */
export const verbsOf = (layers: readonly Layer[]): Verb[] => [...layers].reverse().flatMap(layer => layer.verbs)

export const isMac = /mac|iphone|ipad/i.test(navigator.platform)

/** Keys of a verb as they stand on its button. */
export const shown = (keys: string): string => shownKeys(keys, isMac)

const allKeys = (verb: Verb): readonly string[] => [
  ...(verb.keys === undefined ? [] : [verb.keys]),
  ...(verb.alsoKeys ?? []),
]

const TYPING = /^(INPUT|TEXTAREA|SELECT)$/
const NOT_TYPED = /^(checkbox|radio|button|submit|range)$/

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable) return true
  return TYPING.test(target.tagName) && !(target instanceof HTMLInputElement && NOT_TYPED.test(target.type))
}

/** A key that the focused thing itself needs. */
const isItsOwn = (target: EventTarget | null, stroke: string): boolean =>
  target instanceof HTMLElement &&
  /^(Enter|Space)$/.test(stroke) &&
  target.closest('a,button,summary,[role=menuitem],[role=option],input') !== null

/** Closed by the browser with the same key: what lies below stays as it is. */
const OVER_THE_PAGE = 'dialog[open], :popover-open'

/** How long the second stroke of a sequence may take. */
const PATIENCE = 1200

/** Listens to the keyboard for the verbs on offer. */
export function listenToKeys(): () => void {
  let pending: string | null = null
  let timer = 0
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const stroke = strokeOf(event, isMac)
    if (stroke === null) return
    const modified = stroke.startsWith('mod+') || stroke === 'Escape'
    if (!modified && (isTyping(event.target) || !usePrefs.getState().singleKeys)) return
    if (isItsOwn(event.target, stroke)) return
    if (stroke === 'Escape' && document.querySelector(OVER_THE_PAGE) !== null) return
    const verbs = verbsOf(useVerbTable.getState().layers)
    const heard = hear(pending, stroke, new Set(verbs.flatMap(allKeys)))
    window.clearTimeout(timer)
    pending = null
    if (heard.is === 'wait') {
      pending = stroke
      timer = window.setTimeout(() => {
        pending = null
      }, PATIENCE)
      return
    }
    if (heard.is === 'none') return
    event.preventDefault()
    const verb = verbs.find(v => allKeys(v).includes(heard.keys))
    if (verb && verb.unable == null) verb.run()
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}
