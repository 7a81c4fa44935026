import { Component, type CSSProperties, type ReactNode } from 'react'
import { FileMissing } from '../lib/part.ts'
import { Failed } from './states.tsx'

interface BoundaryProps {
  /** Without it, nothing stands in the place of what broke. */
  readonly what?: string
  readonly children: ReactNode
}

/** A region that breaks breaks alone: the rest of the page stays usable. */
export class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    const { what, children } = this.props
    const { error } = this.state
    if (error === null) return children
    if (what === undefined) return null
    const retry = (): void => (error instanceof FileMissing ? location.reload() : this.setState({ error: null }))
    return <Failed what={what} error={error} onRetry={retry} />
  }
}

export interface RegionProps {
  readonly title: string
  /** Stands in the place of the title, which is then only spoken. */
  readonly head?: ReactNode
  /** Right behind the title: what is counted, over which time. */
  readonly sub?: ReactNode
  /** At the right end of the head. */
  readonly end?: ReactNode
  readonly children: ReactNode
  readonly style?: CSSProperties
}

/** A bordered region with a head; its errors stay inside. */
export const Pane = (props: RegionProps): ReactNode => <Region {...props} className="pane" />

/** A region of a side column, parted by lines. */
export const Section = (props: RegionProps): ReactNode => <Region {...props} className="sec" />

const Region = ({
  title,
  head,
  sub,
  end,
  children,
  style,
  className,
}: RegionProps & { className: string }): ReactNode => (
  <section className={className} style={style} aria-label={title}>
    <header>
      <h2 className={head === undefined ? 'nw' : 'sr'}>{title}</h2>
      {head}
      {sub !== undefined && <span className="d2 sm el">{sub}</span>}
      {end !== undefined && <span className="r sm nw">{end}</span>}
    </header>
    <Boundary what={title}>{children}</Boundary>
  </section>
)
