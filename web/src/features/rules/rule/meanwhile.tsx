import type { ReactNode } from 'react'
import { Button } from '../../../kit/button.tsx'
import { useNames } from '../../../kit/names.ts'
import { savedMeanwhile } from '../model/base.ts'
import { useRuleTexts } from '../texts.ts'
import type { Editing } from './editing.ts'

/** Somebody else saved while this was written: said before the lock refuses it, with the way to save all the same. */
export function Meanwhile({ base, detail, draft, keepMine }: Editing): ReactNode {
  const t = useRuleTexts()
  const nameOf = useNames()
  const other = draft.changed && detail ? savedMeanwhile(base, detail.versions) : null
  if (other === null) return null
  return (
    <div role="status" className="row wrap amber sm">
      {t('unsaved.meanwhile', { version: other.version, name: nameOf(other.author) })}
      <Button small onClick={() => keepMine(other)}>
        {t('unsaved.keep')}
      </Button>
    </div>
  )
}
