/** Keys are written `j`, `shift+e`, `mod+k` (⌘ on a Mac, Ctrl elsewhere), `Enter`, or as two strokes: `g c`. */

export interface Stroke {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

const SHOWN: Readonly<Record<string, string>> = {
  Enter: '↵',
  Escape: 'Esc',
  ' ': 'Space',
  Space: 'Space',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

/** One key press as it is written here; null for a modifier alone. */
export function strokeOf(event: Stroke, mac: boolean): string | null {
  if (/^(Shift|Control|Meta|Alt|CapsLock|Dead|Process|Unidentified)$/.test(event.key)) return null
  const mod = mac ? event.metaKey : event.ctrlKey
  const other = mac ? event.ctrlKey : event.metaKey
  if (other || event.altKey) return null
  const single = event.key.length === 1
  const letter = /^[a-z]$/i.test(event.key)
  const key = event.key === ' ' ? 'Space' : single ? event.key.toLowerCase() : event.key
  // `?` is what one types, with or without Shift; for letters and named keys Shift makes another key.
  const shift = event.shiftKey && (letter || !single || key === 'Space')
  return `${mod ? 'mod+' : ''}${shift ? 'shift+' : ''}${key}`
}

/** Keys as people read them: `⌘K`, `⇧E`, `G C`. */
export function shownKeys(keys: string, mac: boolean): string {
  return keys
    .split(' ')
    .map(stroke => {
      const parts = stroke.split(/\+(?=.)/)
      const key = parts.at(-1) ?? ''
      const name = SHOWN[key] ?? (key.length === 1 ? key.toUpperCase() : key)
      const mod = parts.includes('mod') ? (mac ? '⌘' : 'Ctrl ') : ''
      return `${mod}${parts.includes('shift') ? '⇧' : ''}${name}`
    })
    .join(' ')
}

/** How a sequence goes on with the next stroke: run what it names, wait for its second stroke, or start over. */
export type Heard = { readonly is: 'match'; readonly keys: string } | { readonly is: 'wait' } | { readonly is: 'none' }

export function hear(pending: string | null, stroke: string, known: ReadonlySet<string>): Heard {
  const whole = pending === null ? stroke : `${pending} ${stroke}`
  if (known.has(whole)) return { is: 'match', keys: whole }
  if ([...known].some(keys => keys.startsWith(`${whole} `))) return { is: 'wait' }
  if (pending !== null) return hear(null, stroke, known)
  return { is: 'none' }
}
