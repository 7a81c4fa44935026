import './evidence.css'
import type { ReactNode } from 'react'
import { useKitTexts } from './texts.ts'

/** Sentences that say what happened and what it is compared with. */
export const Evidence = ({ children }: { children: ReactNode }): ReactNode => <ul className="ev">{children}</ul>

export interface SentenceProps {
  /** `for` speaks for the finding, `out` rules something else out. */
  readonly speaks?: 'for' | 'out'
  readonly children: ReactNode
}

export function Sentence({ speaks = 'for', children }: SentenceProps): ReactNode {
  const t = useKitTexts()
  return (
    <li className={speaks}>
      <span>
        <span className="sr">{t(`evidence.${speaks}`)}</span>
        {children}
      </span>
    </li>
  )
}

/** A fact inside a sentence; `onOpen` leads to its row of the ledger. */
export const Fact = ({ children, onOpen }: { children: ReactNode; onOpen?: () => void }): ReactNode =>
  onOpen === undefined ? (
    <b className="fact">{children}</b>
  ) : (
    <button type="button" className="fact" onClick={onOpen}>
      {children}
    </button>
  )
