import type { ReactNode } from 'react'

export interface SparkProps {
  readonly values: readonly number[]
  readonly width?: number
}

const HEIGHT = 20

/** How a figure went, as a thin line with its last point; decoration beside the figure itself. */
export function Spark({ values, width = 46 }: SparkProps): ReactNode {
  if (values.length < 2) return null
  const low = Math.min(...values)
  const range = Math.max(...values) - low || 1
  const points = values.map((value, i): [number, number] => [
    (i / (values.length - 1)) * (width - 4) + 2,
    HEIGHT - 3 - ((value - low) / range) * (HEIGHT - 6),
  ])
  const [x, y] = points.at(-1) ?? [0, 0]
  return (
    <svg width={width} height={HEIGHT} aria-hidden="true" style={{ flex: 'none' }}>
      <polyline
        points={points.map(point => point.map(n => n.toFixed(1)).join(',')).join(' ')}
        fill="none"
        stroke="var(--bar)"
        strokeWidth="1.25"
        strokeLinejoin="round"
      />
      <circle cx={x} cy={y} r="2" fill="var(--bar)" />
    </svg>
  )
}
