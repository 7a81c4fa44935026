import '../access.css'
import { type ReactNode, useState } from 'react'
import type { PersonAsked } from '../../../../../src/contract/api/index.ts'
import { Page } from '../../../kit/page.tsx'
import { useAccessTexts } from '../texts.ts'
import { ExportsPane } from './exports.tsx'
import { FindPane } from './find.tsx'
import { FoundPane } from './found.tsx'
import { RegisterPane } from './register.tsx'

/** What is done when a person asks what is kept about them, or wants it gone. */
export function PersonalPage(): ReactNode {
  const t = useAccessTexts()
  const [person, setPerson] = useState<PersonAsked | null>(null)
  return (
    <Page title={t('personal.title')}>
      <div className="acc-page">
        <p className="d1">{t('personal.why')}</p>
        <FindPane onFind={setPerson} />
        {person !== null && <FoundPane key={JSON.stringify(person)} person={person} />}
        <RegisterPane />
        <ExportsPane />
      </div>
    </Page>
  )
}
