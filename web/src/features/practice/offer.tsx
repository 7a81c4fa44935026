import { FlaskConical, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../kit/button.tsx'
import { fromHere, usePracticeVerb } from './queries.ts'
import { usePracticeTexts } from './texts.ts'

const HIDDEN = 'andon.practice.offer'

/** In an empty live world: a practice world is one click away, beside this one. */
export function Offer({ url }: { url: string | null }): ReactNode {
  const t = usePracticeTexts()
  const [hidden, setHidden] = useState(() => remembered())
  const start = usePracticeVerb('startPractice')
  if (hidden && url === null) return null
  const open = (): void =>
    start.mutate({ body: {} }, { onSuccess: answer => answer.url !== null && location.assign(fromHere(answer.url)) })
  const hide = (): void => {
    remember()
    setHidden(true)
  }
  return (
    <section className="practice" aria-label={t('title')}>
      <FlaskConical size={15} strokeWidth={1.75} aria-hidden />
      <span>{t(url === null ? 'offer.lead' : 'offer.running')}</span>
      {url === null ? (
        <Button small busy={start.isPending} onClick={open}>
          {t('offer.start')}
        </Button>
      ) : (
        <a className="btn sm" href={fromHere(url)}>
          {t('offer.open')}
        </a>
      )}
      <span className="s" role="status">
        {start.isPending ? t('offer.busy') : t('offer.more')}
      </span>
      <span className="grow" />
      {url === null && (
        <Button small kind="ghost" name={t('offer.hide')} icon={<X size={14} aria-hidden />} onClick={hide} />
      )}
    </section>
  )
}

function remembered(): boolean {
  try {
    return localStorage.getItem(HIDDEN) === 'no'
  } catch {
    return false
  }
}

function remember(): void {
  try {
    localStorage.setItem(HIDDEN, 'no')
  } catch {
    // Storage may be forbidden: then it is offered again next time.
  }
}
