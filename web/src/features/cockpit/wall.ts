import { useEffect, useState } from 'react'

/** The width for which the cockpit is laid out; a wall shows the same, larger. */
const DESK = 1440

/** At a wall: the shell steps aside, and everything grows with the screen. @returns how much larger */
export function useWall(on: boolean): number {
  const [width, setWidth] = useState(() => window.innerWidth)
  useEffect(() => {
    if (!on) return
    const root = document.documentElement
    root.dataset.wall = 'on'
    const measure = (): void => setWidth(window.innerWidth)
    window.addEventListener('resize', measure)
    measure()
    return () => {
      delete root.dataset.wall
      window.removeEventListener('resize', measure)
    }
  }, [on])
  return on ? Math.max(1, width / DESK) : 1
}

/** Takes the whole screen where the browser lets it; the layout does not depend on it. */
export async function fillScreen(on: boolean): Promise<void> {
  try {
    if (on) await document.documentElement.requestFullscreen()
    else if (document.fullscreenElement !== null) await document.exitFullscreen()
  } catch {
    // Some browsers allow it only after a click, some never.
  }
}
