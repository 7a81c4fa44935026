import './popup.css'
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { Button, type ButtonProps } from './button.tsx'

export interface PopupProps {
  /** The button that opens it. */
  readonly button: Omit<ButtonProps, 'onClick' | 'type'>
  /** What it is for, spoken. */
  readonly label: string
  /** Opens it from elsewhere, such as by a key. */
  readonly opener?: RefObject<(() => void) | null>
  readonly children: ReactNode | ((close: () => void) => ReactNode)
}

const GAP = 4
const EDGE = 8

/** Something small under a button: a choice, a menu. A click elsewhere or Escape closes it, by the browser. */
export function Popup({ button, label, opener, children }: PopupProps): ReactNode {
  const anchor = useRef<HTMLSpanElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  useEffect(() => {
    if (!open || anchor.current === null || box.current === null) return
    const at = anchor.current.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = box.current
    const below = at.bottom + GAP + height < window.innerHeight - EDGE
    box.current.style.top = `${below ? at.bottom + GAP : Math.max(EDGE, at.top - GAP - height)}px`
    box.current.style.left = `${Math.max(EDGE, Math.min(at.left, window.innerWidth - width - EDGE))}px`
  }, [open])
  useEffect(() => {
    if (opener) opener.current = () => box.current?.showPopover()
  }, [opener])
  const close = (): void => box.current?.hidePopover()
  return (
    <>
      <span ref={anchor}>
        <Button {...button} expanded={open} onClick={() => box.current?.togglePopover()} />
      </span>
      <div
        ref={box}
        popover="auto"
        role="dialog"
        aria-label={label}
        className="popup"
        onToggle={event => setOpen(event.newState === 'open')}
        onKeyDown={event => event.key !== 'Escape' && event.stopPropagation()}
      >
        {open && (typeof children === 'function' ? children(close) : children)}
      </div>
    </>
  )
}
