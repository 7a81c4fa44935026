import { Search } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { clockTime, duration } from '../lib/format.ts'
import { useLink } from '../lib/link.ts'
import { openOverlay } from '../lib/menu.ts'
import { shown } from '../lib/verbs.ts'
import { Keys } from './button.tsx'
import { useKitTexts } from './texts.ts'
import { useNow } from './time.tsx'

export const ICON = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const

export interface PageProps {
  /** Of the browser's window, and the last of the crumbs. */
  readonly title: string
  /** What leads here, as links. */
  readonly crumbs?: ReactNode
  /** The page has a heading of its own below. */
  readonly ownHeading?: boolean
  /** Right of the title: keys, place in a list. */
  readonly hints?: ReactNode
  readonly children: ReactNode
}

/** The frame of every page: crumbs, how fresh the data is, search; then the page itself. */
export function Page({ title, crumbs, hints, ownHeading, children }: PageProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Andon`
  }, [title])
  return (
    <div className="page">
      <header className="top">
        <div className="crumb">
          {crumbs}
          {ownHeading ? <b className="el">{title}</b> : <h1 className="el">{title}</h1>}
          {hints}
        </div>
        <span className="grow" />
        <Freshness />
        <SearchButton />
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

/** When the server was last heard; amber, with the age of what is shown, once it is not heard any more. */
export function Freshness(): ReactNode {
  const { heardAt, worldAt, lost } = useLink()
  if (heardAt === null && !lost) return null
  return (
    <output className={`live ${lost ? 'lost' : ''}`}>
      <svg width="8" height="8" aria-hidden="true">
        <circle cx="4" cy="4" r="3.5" fill={lost ? 'var(--amber-fill)' : 'var(--green-fill)'} />
      </svg>
      {lost ? <Age heardAt={heardAt} worldAt={worldAt} /> : <Heard at={worldAt} />}
    </output>
  )
}

const Heard = ({ at }: { at: number }): ReactNode => useKitTexts()('link.live', { time: clockTime(at, true) })

function Age({ heardAt, worldAt }: { heardAt: number | null; worldAt: number }): ReactNode {
  const t = useKitTexts()
  useNow(1000)
  if (heardAt === null) return t('link.offline')
  return t('link.lost', { age: duration(Math.max(0, Date.now() - heardAt)), time: clockTime(worldAt, true) })
}

function SearchButton(): ReactNode {
  const t = useKitTexts()
  return (
    <button type="button" className="search" onClick={() => openOverlay('commands')}>
      <Search size={14} strokeWidth={1.75} aria-hidden />
      <span>{t('search.open')}</span>
      <Keys of={shown('mod+k')} />
    </button>
  )
}
