import type { ErrorComponentProps } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { Button } from '../kit/button.tsx'
import { Page } from '../kit/page.tsx'
import { Empty } from '../kit/states.tsx'
import { FileMissing } from '../lib/part.ts'
import { useAppTexts } from './texts.ts'

export function MissingPage(): ReactNode {
  const t = useAppTexts()
  return (
    <Page title={t('missing.title')}>
      <Empty title={t('missing.title')} why={t('missing.why')}>
        <a className="btn" href="/">
          {t('missing.go')}
        </a>
      </Empty>
    </Page>
  )
}

/** The last net: a page that could not be drawn at all. */
export function BrokenPage({ error }: ErrorComponentProps): ReactNode {
  const t = useAppTexts()
  useEffect(() => console.error(error), [error])
  return (
    <Page title={t('broken.title')}>
      <Empty title={t('broken.title')} why={error instanceof FileMissing ? t('broken.gone') : t('broken.why')}>
        <Button onClick={() => location.reload()}>{t('broken.reload')}</Button>
      </Empty>
    </Page>
  )
}
