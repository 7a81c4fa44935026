import type { ReactNode } from 'react'
import { Page } from '../../../kit/page.tsx'
import { useOrderTexts } from '../texts.ts'

export function OrdersPage(): ReactNode {
  const t = useOrderTexts()
  return <Page title={t('title')}>{null}</Page>
}
