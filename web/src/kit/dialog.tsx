import './dialog.css'
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from './button.tsx'
import { useKitTexts } from './texts.ts'

export interface DialogProps {
  readonly open: boolean
  readonly title: string
  readonly onClose: () => void
  /** Stands in the place of the title; the title is then only spoken. */
  readonly head?: ReactNode
  readonly children: ReactNode
  readonly foot?: ReactNode
  readonly width?: number
}

/** A modal dialog: the browser keeps the focus inside and gives it back. Drawn only while it is open. */
export const Dialog = (props: DialogProps): ReactNode => (props.open ? <OpenDialog {...props} /> : null)

function OpenDialog({ title, onClose, head, children, foot, width }: DialogProps): ReactNode {
  const t = useKitTexts()
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    box.current?.showModal()
    // Whoever opens it wants to fill it in; the browser would begin with the cross.
    if (box.current?.querySelector('[autofocus]') === null)
      box.current.querySelector<HTMLElement>(':is(input, select, textarea):enabled')?.focus()
  }, [])
  return (
    <dialog
      ref={box}
      className="dlg"
      aria-label={title}
      style={width === undefined ? undefined : { width }}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onClose={onClose}
      // A click on the ground behind it is a click on the element itself.
      onClick={event => event.target === box.current && onClose()}
      // Keys typed in here are not verbs of the page below.
      onKeyDown={event => event.key !== 'Escape' && event.stopPropagation()}
    >
      {head !== undefined ? (
        head
      ) : (
        <header>
          <h2>{title}</h2>
          <span className="grow" />
          <Button kind="ghost" small icon={<X size={14} aria-hidden />} name={t('close')} onClick={onClose} />
        </header>
      )}
      {children}
      {foot !== undefined && <footer>{foot}</footer>}
    </dialog>
  )
}
