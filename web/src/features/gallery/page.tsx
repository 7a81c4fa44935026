import './gallery.css'
import type { ReactNode } from 'react'
import { Page } from '../../kit/page.tsx'
import { Pane } from '../../kit/region.tsx'
import { ChartParts } from './charts.tsx'
import { ListPart } from './list.tsx'
import { SmallParts } from './small.tsx'
import { useGalleryTexts } from './texts.ts'
import { TimeParts } from './times.tsx'

/** Every part of the kit on one page: to look at, to compare with the design, and for the accessibility check. */
export function GalleryPage(): ReactNode {
  const t = useGalleryTexts()
  return (
    <Page title={t('title')}>
      <div className="gallery">
        <TimeParts />
        <SmallParts />
        <ChartParts />
        <div className="wide">
          <Pane title={t('part.grid')}>
            <ListPart />
          </Pane>
        </div>
      </div>
    </Page>
  )
}
