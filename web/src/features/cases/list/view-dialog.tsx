import { type FormEvent, type ReactNode, useState } from 'react'
import type { SavedView } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { useUnable } from '../../../lib/me.ts'
import type { Search } from '../model/filters.ts'
import { useCaseTexts } from '../texts.ts'
import { setDefaultView, useDefaultView, useViewVerbs } from './use-views.ts'

export interface ViewDialogProps {
  /** What is shown now, which a new view keeps. */
  readonly search: Search
  /** To be changed; none: a new one. */
  readonly view?: SavedView
  readonly onView: (search: Search) => void
  readonly onClose: () => void
}

interface ViewDraft {
  readonly name: string
  readonly shared: boolean
  /** The inbox opens with it. */
  readonly opens: boolean
}

/** Names a view, shares it, opens the inbox with it, or removes it. */
export function ViewDialog({ search, view, onView, onClose }: ViewDialogProps): ReactNode {
  const t = useCaseTexts()
  const first = useDefaultView()
  const { save, change, remove } = useViewVerbs()
  const [draft, setDraft] = useState<ViewDraft>({
    name: view?.name ?? '',
    shared: view?.shared ?? false,
    opens: view !== undefined && first === view.id,
  })
  const { name, shared, opens } = draft
  const keep = (id: string): void => {
    if (opens) setDefaultView(id)
    else if (first === id) setDefaultView(null)
    onClose()
  }
  const kept = (made: SavedView): void => {
    keep(made.id)
    onView({ ...search, view: made.id })
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (view === undefined) save.mutate({ name, shared, search }, { onSuccess: kept })
    else change.mutate({ view, name, shared }, { onSuccess: () => keep(view.id) })
  }
  const gone = (): void => {
    if (first === view?.id) setDefaultView(null)
    const { view: _, ...rest } = search
    onView(rest)
    onClose()
  }
  return (
    <Dialog open title={t(view === undefined ? 'view.new' : 'view.edit')} onClose={onClose} width={400}>
      <form className="case-d" onSubmit={submit}>
        <Fields draft={draft} onChange={more => setDraft(before => ({ ...before, ...more }))} />
        <div className="row">
          {view !== undefined && (
            <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate(view, { onSuccess: gone })}>
              {t('view.remove')}
            </Button>
          )}
          <span className="grow" />
          <Button onClick={onClose}>{t('dialog.cancel')}</Button>
          <Button kind="solid" type="submit" busy={save.isPending || change.isPending}>
            {t('view.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function Fields({ draft, onChange }: { draft: ViewDraft; onChange: (more: Partial<ViewDraft>) => void }): ReactNode {
  const t = useCaseTexts()
  const share = useUnable('view.share')
  return (
    <>
      <label>
        {t('view.name')}
        <input required maxLength={60} value={draft.name} onChange={event => onChange({ name: event.target.value })} />
      </label>
      <label className="check" title={share ?? undefined}>
        <input
          type="checkbox"
          checked={draft.shared}
          disabled={share !== null}
          onChange={event => onChange({ shared: event.target.checked })}
        />
        {t('view.shared')}
      </label>
      <label className="check">
        <input type="checkbox" checked={draft.opens} onChange={event => onChange({ opens: event.target.checked })} />
        {t('view.default')}
      </label>
    </>
  )
}
