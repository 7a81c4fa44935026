import './button.css'
import { ArrowBigUp, Command, CornerDownLeft, type LucideIcon } from 'lucide-react'
import { type MouseEvent, type ReactNode, useId } from 'react'

export type ButtonKind = 'solid' | 'plain' | 'ghost' | 'danger'

export interface ButtonProps {
  readonly children?: ReactNode
  /** One solid button on a page: the next step. */
  readonly kind?: ButtonKind
  readonly small?: boolean
  readonly icon?: ReactNode
  /** The key that does the same, as it is shown. */
  readonly keys?: string | undefined
  /** Needed when there is only an icon. */
  readonly name?: string
  /** Why it cannot be done now: the verb stays visible and says so. */
  readonly unable?: string | null
  readonly busy?: boolean
  /** It opens something, and that is open. */
  readonly expanded?: boolean
  readonly type?: 'button' | 'submit'
  readonly onClick?: (event: MouseEvent) => void
}

const CLASS: Readonly<Record<ButtonKind, string>> = { solid: 'pri', plain: '', ghost: 'gh', danger: 'dang' }

export function Button(props: ButtonProps): ReactNode {
  const { children, kind = 'plain', small, icon, keys, name, unable, busy, expanded, type = 'button', onClick } = props
  const bare = children === undefined
  // Not `disabled`: a button that cannot be reached by the keyboard cannot say why it does nothing.
  const off = unable != null || busy === true
  return (
    <button
      type={type}
      className={`btn ${CLASS[kind]} ${small ? 'sm' : ''} ${bare ? 'icon' : ''}`}
      aria-label={name}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      aria-expanded={expanded}
      title={unable ?? (bare ? name : undefined)}
      onClick={event => (off ? event.preventDefault() : onClick?.(event))}
    >
      {icon}
      {children}
      {keys !== undefined && <Keys of={keys} />}
    </button>
  )
}

const GLYPHS: Readonly<Record<string, LucideIcon>> = { '⌘': Command, '⇧': ArrowBigUp, '↵': CornerDownLeft }

/** Keys as they are shown on buttons and in lists; drawn where fonts may lack the sign. */
export const Keys = ({ of }: { of: string }): ReactNode => (
  <kbd aria-hidden>
    {[...of].map((sign, i) => {
      const Glyph = GLYPHS[sign]
      // biome-ignore lint/suspicious/noArrayIndexKey: the signs of one key never change places
      return Glyph === undefined ? sign : <Glyph key={i} size={10} strokeWidth={2} />
    })}
  </kbd>
)

export interface SegmentProps<V extends string> {
  readonly label: string
  readonly value: V
  readonly options: readonly { readonly value: V; readonly label: string }[]
  readonly onChange: (value: V) => void
}

/** One of a few, all visible. */
export function Segment<V extends string>({ label, value, options, onChange }: SegmentProps<V>): ReactNode {
  const name = useId()
  return (
    <fieldset className="seg" aria-label={label} style={{ margin: 0, minWidth: 0 }}>
      {options.map(option => (
        <label key={option.value}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
