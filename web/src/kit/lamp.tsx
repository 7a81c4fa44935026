import type { ReactNode } from 'react'

/** The lamp: a signal tower. Its colours are those of the mark, the same in both themes. */
export const Lamp = ({ size = 20 }: { size?: number }): ReactNode => (
  <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
    <rect x="5.5" y="1" width="9" height="4.6" rx="1.4" fill="#d9483b" />
    <rect x="5.5" y="6.6" width="9" height="4.6" rx="1.4" fill="#e0992f" />
    <rect x="5.5" y="12.2" width="9" height="4.6" rx="1.4" fill="#3f9c66" />
    <rect x="3.5" y="17.8" width="13" height="1.6" rx=".8" fill="currentColor" />
  </svg>
)
