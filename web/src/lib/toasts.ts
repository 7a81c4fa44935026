import { create } from 'zustand'

/** Short news of what somebody just did, with the way back. What belongs into a row or a form is said there instead. */
export interface Toast {
  readonly id: number
  readonly text: string
  /** Takes it back; offered for as long as the toast is shown. */
  readonly undo?: () => void
  readonly tone: 'plain' | 'bad'
}

/** As long as an undo is promised. */
export const SHOWN_FOR = 5_000

export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }))

let made = 0

export function toast(
  text: string,
  { undo, tone = 'plain' }: { undo?: () => void; tone?: Toast['tone'] } = {},
): number {
  const id = ++made
  const next: Toast = { id, text, tone, ...(undo && { undo }) }
  // A third one pushes out the first: more than two are not read.
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-1), next] }))
  return id
}

export const dropToast = (id: number): void =>
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter(t => t.id !== id) }))
