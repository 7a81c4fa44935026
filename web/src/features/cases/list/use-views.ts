import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { SavedView } from '../../../../../src/contract/api/index.ts'
import { ApiError, call } from '../../../lib/api.ts'
import { setPrefs, usePrefs } from '../../../lib/prefs.ts'
import { asking } from '../../../lib/query.ts'
import { toast } from '../../../lib/toasts.ts'
import { addressOf, readSearch, type Search } from '../model/filters.ts'
import { BUILT_IN, SEARCH_OF, type Tab } from '../model/views.ts'
import { useCaseTexts } from '../texts.ts'

const LIST = 'cases'

export interface ViewTab extends Tab {
  readonly name: string
  /** None: it is built in. */
  readonly saved?: SavedView
}

/** The views there are: those that everybody has, then one's own and the shared ones. */
export function useViewTabs(): readonly ViewTab[] {
  const t = useCaseTexts()
  const query = useQuery(asking('listViews', { query: { page: LIST } }))
  return useMemo(
    () => [
      ...BUILT_IN.map(id => ({ id, name: t(`view.${id}`), search: SEARCH_OF[id] })),
      ...(query.data?.items ?? []).map(saved => ({
        ...{ id: saved.id, name: saved.name, search: readSearch(saved.query), saved },
      })),
    ],
    [t, query.data],
  )
}

export const useDefaultView = (): string | undefined => usePrefs(prefs => prefs.views[LIST])

/** Which view the inbox opens with, in this browser. */
export function setDefaultView(id: string | null): void {
  const { [LIST]: _, ...others } = usePrefs.getState().views
  setPrefs({ views: id === null ? others : { ...others, [LIST]: id } })
}

export interface ViewChange {
  readonly name?: string
  readonly shared?: boolean
  readonly search?: Search
}

/** Keeping, changing and removing views. */
export function useViewVerbs() {
  const client = useQueryClient()
  const fresh = (): Promise<void> => client.invalidateQueries({ queryKey: ['listViews'] })
  const onError = (error: unknown): number =>
    toast(error instanceof ApiError ? error.detail : String(error), { tone: 'bad' })
  const save = useMutation({
    mutationFn: ({ name, shared, search }: Required<ViewChange>) =>
      call('saveView', { body: { page: LIST, name, shared, query: addressOf(search) } }),
    ...{ onSuccess: fresh, onError },
  })
  const change = useMutation({
    mutationFn: ({ view, search, ...more }: ViewChange & { readonly view: SavedView }) =>
      call('changeView', {
        params: { id: view.id },
        body: { version: view.version, ...more, ...(search && { query: addressOf(search) }) },
      }),
    ...{ onSuccess: fresh, onError },
  })
  const remove = useMutation({
    mutationFn: (view: SavedView) => call('removeView', { params: { id: view.id } }),
    ...{ onSuccess: fresh, onError },
  })
  return { save, change, remove }
}
