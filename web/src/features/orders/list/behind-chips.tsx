import type { ReactNode } from 'react'
import { STAGE_LABELS } from '../../../../../src/contract/stages.ts'
import { Chip } from '../../../kit/tag.tsx'
import { useLanguage, useNow } from '../../../kit/time.tsx'
import { duration, shortTime } from '../../../lib/format.ts'
import { type Behind, type Group, groupsIn, without } from '../model/behind.ts'
import type { Filters } from '../model/filters.ts'
import { useOrderTexts } from '../texts.ts'

/** What a number elsewhere led here with, in words; each can be taken off. */
export function BehindChips({
  filters,
  onChange,
}: {
  filters: Filters
  onChange: (change: Partial<Filters>) => void
}): ReactNode {
  const t = useOrderTexts()
  const words = useWords(filters)
  return groupsIn(filters).map(group => (
    <Chip key={group} field={t(`behind.${group}`)} value={words(group)} onRemove={() => onChange(without(group))} />
  ))
}

function useWords(f: Behind): (group: Group) => string {
  const t = useOrderTexts()
  const language = useLanguage()
  const now = useNow()
  const at = (instant: string | undefined): string => (instant === undefined ? '…' : shortTime(instant, now))
  const between = (from: string | undefined, to: string | undefined): string => `${at(from)} – ${at(to)}`
  const nameOf = (stage: keyof typeof STAGE_LABELS | undefined): string =>
    stage === undefined ? '' : language === 'en' ? STAGE_LABELS[stage].en : STAGE_LABELS[stage].zh
  return group => {
    switch (group) {
      case 'placed':
        return between(f.placedFrom, f.placedTo)
      case 'promised':
        return between(f.promiseFrom, f.promiseTo)
      case 'delivered':
        return between(f.deliveredFrom, f.deliveredTo)
      case 'touched':
        return t(f.touched ? 'behind.byPeople' : 'behind.byItself')
      case 'kept':
        return t(f.kept ? 'behind.keptYes' : 'behind.keptNo')
      case 'stage':
        return f.stageTo === undefined
          ? nameOf(f.stage)
          : t('behind.since', { stage: nameOf(f.stage), time: at(f.stageTo) })
      case 'left':
        return [nameOf(f.leftStage), between(f.leftFrom, f.leftTo), f.stayOver && `> ${duration(f.stayOver)}`]
          .filter(Boolean)
          .join(' · ')
    }
  }
}
