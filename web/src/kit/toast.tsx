import './toast.css'
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { dropToast, SHOWN_FOR, type Toast, useToasts } from '../lib/toasts.ts'
import { useVerbs, type Verb } from '../lib/verbs.ts'
import { Keys } from './button.tsx'
import { useKitTexts } from './texts.ts'

/** Where toasts show; once in the shell. Z takes back the last one. */
export function Toasts(): ReactNode {
  const t = useKitTexts()
  const toasts = useToasts(s => s.toasts)
  const last = toasts.findLast(one => one.undo !== undefined)
  const verbs = useMemo(
    (): Verb[] =>
      last === undefined
        ? []
        : [{ id: 'undo', label: t('toast.undo'), group: t('group.edit'), keys: 'z', run: () => takeBack(last) }],
    [last, t],
  )
  useVerbs(verbs)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map(one => (
        <ToastLine key={one.id} toast={one} />
      ))}
    </div>
  )
}

function takeBack(toast: Toast): void {
  dropToast(toast.id)
  toast.undo?.()
}

function ToastLine({ toast }: { toast: Toast }): ReactNode {
  const t = useKitTexts()
  const [held, setHeld] = useState(false)
  useEffect(() => {
    // It stays while the pointer rests on it.
    if (held) return
    const timer = window.setTimeout(() => dropToast(toast.id), SHOWN_FOR)
    return () => window.clearTimeout(timer)
  }, [held, toast.id])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: resting the pointer only keeps it on the screen
    <div className="toast" onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)}>
      <span>{toast.text}</span>
      {toast.undo && (
        <button type="button" onClick={() => takeBack(toast)}>
          {t('toast.undo')}
          <Keys of="Z" />
        </button>
      )}
      <button type="button" aria-label={t('close')} onClick={() => dropToast(toast.id)}>
        <X size={14} aria-hidden />
      </button>
    </div>
  )
}
