import { useCallback } from 'react'
import { create } from 'zustand'

/** Notes that were begun and not sent, by the case: leaving it for a moment loses no word. Gone with the page. */
const useDrafts = create<Readonly<Record<string, string>>>(() => ({}))

export function useNoteDraft(id: string): [text: string, setText: (text: string) => void] {
  const text = useDrafts(drafts => drafts[id] ?? '')
  const setText = useCallback((next: string) => useDrafts.setState({ [id]: next }), [id])
  return [text, setText]
}
