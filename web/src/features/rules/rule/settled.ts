import { useEffect, useState } from 'react'

/** So long after the last key. */
const PAUSE = 350

/** A value once it has stood for a while: for what asks the server at each key. */
export function useSettled<T>(value: T, pause = PAUSE): T {
  const [settled, settle] = useState(value)
  useEffect(() => {
    const timer = window.setTimeout(() => settle(value), pause)
    return () => window.clearTimeout(timer)
  }, [value, pause])
  return settled
}
