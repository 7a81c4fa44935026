import { useRouter } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from 'react'

export interface GoProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href' | 'onClick'> {
  /** An address of the console. */
  readonly to: string
  readonly children: ReactNode
}

/** Does a click mean to go there in this tab? */
export const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey

/** A link to rows of another feature, by its address: features know each other's addresses, not each other's code. */
export function Go({ to, children, ...rest }: GoProps): ReactNode {
  const { history } = useRouter()
  return (
    <a
      {...rest}
      href={to}
      onClick={event => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        history.push(to)
      }}
    >
      {children}
    </a>
  )
}
