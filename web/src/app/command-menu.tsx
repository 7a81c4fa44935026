import './command-menu.css'
import { Search } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import { Keys } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { openOverlay, useOverlay } from '../lib/menu.ts'
import { shown, useVerbTable, type Verb, verbsOf } from '../lib/verbs.ts'
import { useFoundOrders } from './found-orders.ts'
import { matching } from './matching.ts'
import { useAppTexts } from './texts.ts'

/** ⌘K: every verb of this page and the shell, and orders by any of their numbers. */
export function CommandMenu(): ReactNode {
  const t = useAppTexts()
  const open = useOverlay(s => s.open === 'commands')
  return (
    <Dialog open={open} title={t('verb.commands')} onClose={() => openOverlay(null)} head={null}>
      <Menu />
    </Dialog>
  )
}

function Menu(): ReactNode {
  const t = useAppTexts()
  const id = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const layers = useVerbTable(s => s.layers)
  const found = useFoundOrders(text)
  const verbs = [...matching(verbsOf(layers), text), ...found]
  const chosen = Math.min(at, Math.max(0, verbs.length - 1))
  const run = (verb: Verb | undefined): void => {
    if (verb === undefined || verb.unable != null) return
    openOverlay(null)
    verb.run()
  }
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((chosen + step + verbs.length) % Math.max(1, verbs.length))
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      run(verbs[chosen])
    }
  }
  const optionId = (i: number): string => `${id}-${i}`
  return (
    <>
      <div className="cmd-in">
        <Search size={14} strokeWidth={1.75} aria-hidden />
        <input
          // biome-ignore lint/a11y/noAutofocus: the menu was opened to type
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={verbs.length > 0 ? optionId(chosen) : undefined}
          aria-label={t('commands.placeholder')}
          placeholder={t('commands.placeholder')}
          value={text}
          onChange={event => {
            setText(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKey}
        />
        <Keys of="Esc" />
      </div>
      <div className="cmd" role="listbox" id={id} aria-label={t('commands.results')}>
        {verbs.length === 0 && <p className="d2 sm">{t('commands.none')}</p>}
        {verbs.map((verb, i) => (
          <Option key={verb.id} id={optionId(i)} verb={verb} chosen={i === chosen} onRun={run} />
        ))}
      </div>
    </>
  )
}

interface OptionProps {
  readonly id: string
  readonly verb: Verb
  readonly chosen: boolean
  readonly onRun: (verb: Verb) => void
}

const Option = ({ id, verb, chosen, onRun }: OptionProps): ReactNode => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the text field above has the focus and the keys
  // biome-ignore lint/a11y/useFocusableInteractive: chosen by aria-activedescendant
  <div
    role="option"
    id={id}
    aria-selected={chosen}
    aria-disabled={verb.unable != null || undefined}
    ref={element => {
      if (chosen) element?.scrollIntoView({ block: 'nearest' })
    }}
    onClick={() => onRun(verb)}
  >
    <span className="d2 sm">{verb.group}</span>
    <span className="el">{verb.label}</span>
    <span className="grow" />
    {verb.unable != null && <span className="d2 sm el">{verb.unable}</span>}
    {verb.keys !== undefined && <Keys of={shown(verb.keys)} />}
  </div>
)
