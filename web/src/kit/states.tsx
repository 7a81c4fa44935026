import './states.css'
import { RotateCw } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { ApiError } from '../lib/api.ts'
import { clockTime } from '../lib/format.ts'
import { FileMissing } from '../lib/part.ts'
import { Button } from './button.tsx'
import { useKitTexts } from './texts.ts'

/** The four states of every view: loading, error with retry, empty with the next verb, data. */

const WIDTHS = [62, 48, 71, 55]
const NOTHING_FOR = 100

/** Grey bars at the height of the rows to come; nothing for the first 100 ms. @param rows how many are expected */
export function Bars({ rows = 4 }: { rows?: number }): ReactNode {
  const t = useKitTexts()
  const [due, setDue] = useState(false)
  useEffect(() => {
    const timer = window.setTimeout(() => setDue(true), NOTHING_FOR)
    return () => window.clearTimeout(timer)
  }, [])
  return (
    <div
      className="bars"
      role="status"
      aria-label={t('view.loading')}
      style={{ minHeight: `calc(var(--row) * ${rows})` }}
    >
      {due &&
        Array.from({ length: rows }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have nothing else to be told apart by
          <div key={i}>
            <i style={{ width: 26 }} />
            <i style={{ width: `${WIDTHS[i % WIDTHS.length]}%` }} />
            <span className="grow" />
            <i style={{ width: 48 }} />
          </div>
        ))}
    </div>
  )
}

const BEYOND: readonly string[] = ['not_allowed', 'reach_narrowed']

export interface FailedProps {
  /** What could not be had, as the subject of a sentence. */
  readonly what: string
  readonly error: unknown
  readonly onRetry?: () => void
}

/** Only the broken region says so: when, which code, and how to try again. */
export function Failed({ what, error, onRetry }: FailedProps): ReactNode {
  const t = useKitTexts()
  const [at] = useState(() => Date.now())
  const known = error instanceof ApiError ? error : null
  // What one may not see does not come by asking again.
  if (known !== null && BEYOND.includes(known.code))
    return <Empty title={t('view.beyond', { what })} why={known.detail} />
  // Nor does what is not there.
  if (known?.status === 404 && known.problem !== null)
    return (
      <div role="status">
        <Empty
          title={t('view.missing', { what })}
          why={t('view.refused', { detail: known.detail, code: known.code })}
        />
      </div>
    )
  const isGone = error instanceof FileMissing
  const why = isGone
    ? t('view.gone')
    : known === null || known.problem === null
      ? t('view.unreachable', { time: clockTime(at, true) })
      : t('view.refused', { detail: known.detail, code: known.code })
  return (
    <div className="said" role="alert">
      <div className="m">{t('view.failed', { what })}</div>
      <p>
        {why}
        {known?.requestId && <span className="xs"> {t('view.request', { id: known.requestId })}</span>}
      </p>
      {onRetry && (
        <Button icon={<RotateCw size={14} aria-hidden />} onClick={onRetry}>
          {isGone ? t('view.reload') : t('view.retry')}
        </Button>
      )}
    </div>
  )
}

export interface EmptyProps {
  readonly title: string
  /** Why it is empty. */
  readonly why?: ReactNode
  /** The next verb. */
  readonly children?: ReactNode
}

export const Empty = ({ title, why, children }: EmptyProps): ReactNode => (
  <div className="said">
    <div className="m">{title}</div>
    {why !== undefined && <p>{why}</p>}
    {children}
  </div>
)

interface Query<D> {
  readonly data: D | undefined
  readonly error: unknown
  readonly isPending: boolean
  refetch(): unknown
}

export interface ViewProps<D> {
  readonly query: Query<D>
  /** See `Failed`. */
  readonly what: string
  /** Rows that the bars stand for. */
  readonly rows?: number
  readonly isEmpty?: (data: D) => boolean
  readonly empty?: ReactNode
  readonly children: (data: D) => ReactNode
}

/** A view of a query in its four states. Old data stays while new is fetched, and when fetching fails. */
export function View<D>({ query, what, rows, isEmpty, empty, children }: ViewProps<D>): ReactNode {
  if (query.data === undefined) {
    if (query.isPending && query.error === null) return <Bars rows={rows ?? 4} />
    return <Failed what={what} error={query.error} onRetry={() => void query.refetch()} />
  }
  return isEmpty?.(query.data) ? empty : children(query.data)
}
