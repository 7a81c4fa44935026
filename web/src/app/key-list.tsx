import './key-list.css'
import type { ReactNode } from 'react'
import { Keys } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { openOverlay, useOverlay } from '../lib/menu.ts'
import { shown, useVerbTable, type Verb, verbsOf } from '../lib/verbs.ts'
import { useAppTexts } from './texts.ts'

/** Every key that does something on this page, under its heading. */
export function KeyList(): ReactNode {
  const t = useAppTexts()
  const open = useOverlay(s => s.open === 'keys')
  const layers = useVerbTable(s => s.layers)
  if (!open) return null
  const groups = Map.groupBy(
    verbsOf(layers).filter(verb => verb.keys !== undefined),
    verb => verb.group,
  )
  return (
    <Dialog open title={t('keys.title')} onClose={() => openOverlay(null)} width={720}>
      <div className="in keylist">
        {[...groups].map(([group, verbs]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>{verbs.map(keyRow)}</dl>
          </section>
        ))}
        <p className="d2 sm">{t('keys.typing')}</p>
      </div>
    </Dialog>
  )
}

const keyRow = (verb: Verb): ReactNode => (
  <div key={verb.id}>
    <dt>{verb.label}</dt>
    <dd>
      <Keys of={shown(verb.keys ?? '')} />
      <span className="sr">{verb.keys}</span>
    </dd>
  </div>
)
