import '../access.css'
import type { ReactNode } from 'react'
import { Page } from '../../../kit/page.tsx'
import { useAccessTexts } from '../texts.ts'
import { BackupsPane } from './backups.tsx'
import { RetentionPane } from './retention.tsx'

/** What is kept, for how long, and what there is should all of it be lost. */
export function KeptPage(): ReactNode {
  const t = useAccessTexts()
  return (
    <Page title={t('kept.title')}>
      <div className="acc-page">
        <BackupsPane />
        <RetentionPane />
      </div>
    </Page>
  )
}
