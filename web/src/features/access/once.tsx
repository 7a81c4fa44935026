import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from '../../kit/button.tsx'
import { useAccessTexts } from './texts.ts'

/** Something that is shown this once, with a way to take it along. It comes into view: the form below may be long. */
export function Once({ why, text, children }: { why: string; text: string | null; children?: ReactNode }): ReactNode {
  const t = useAccessTexts()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (text !== null) box.current?.scrollIntoView({ block: 'nearest' })
  }, [text])
  return (
    <div ref={box} className="form wide" role="status">
      {children}
      {text !== null && (
        <>
          <p>{why}</p>
          <code className="secret mono">{text}</code>
          <div>
            <Button onClick={() => void navigator.clipboard?.writeText(text)}>{t('copy')}</Button>
          </div>
        </>
      )}
    </div>
  )
}
