import { useInfiniteQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, type RefObject, useRef, useState } from 'react'
import type { CaseItem, TimelineItem } from '../../../../../src/contract/api/index.ts'
import { AuthorGlyph, useAuthorName } from '../../../kit/author.tsx'
import { Button, Segment } from '../../../kit/button.tsx'
import { useNames } from '../../../kit/names.ts'
import { Section } from '../../../kit/region.tsx'
import { View } from '../../../kit/states.tsx'
import { Time, useLanguage, useNow } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { shortTime } from '../../../lib/format.ts'
import { shown } from '../../../lib/verbs.ts'
import { carryOut } from '../act/carry-out.ts'
import { noteOf } from '../act/commands.ts'
import { useNoteDraft } from '../model/drafts.ts'
import { useCaseTexts } from '../texts.ts'
import { CAUSES, useWho } from '../words.ts'

const WHO = ['all', 'person', 'rule', 'system', 'outside'] as const
type Who = (typeof WHO)[number]
const PAGE = 50

export interface TimelineProps {
  readonly case: CaseItem
  readonly unable: string | null
  readonly input: RefObject<HTMLTextAreaElement | null>
  readonly onNoted: () => void
}

/** What people, rules, the system and the outside did, in one list, the newest first; and what one has to say oneself. */
export function Timeline({ case: found, unable, input, onNoted }: TimelineProps): ReactNode {
  const t = useCaseTexts()
  const [who, setWho] = useState<Who>('all')
  const query = useTimeline(found.id, who)
  const items = query.data?.pages.flatMap(page => page.items)
  return (
    <Section
      title={t('timeline.title')}
      end={
        <Segment
          label={t('timeline.who')}
          value={who}
          options={WHO.map(value => ({ value, label: t(`who.${value}`) }))}
          onChange={setWho}
        />
      }
    >
      <Composer id={found.id} {...{ unable, input, onNoted }} />
      <View
        query={{ ...query, data: items }}
        what={t('timeline.title')}
        rows={6}
        isEmpty={list => list.length === 0}
        empty={<p className="d2">{t('timeline.none')}</p>}
      >
        {list => (
          <>
            <ul className="tl">
              {list.map(item => (
                <Entry key={item.seq} item={item} />
              ))}
            </ul>
            {query.hasNextPage && (
              <Button small busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('timeline.more')}
              </Button>
            )}
          </>
        )}
      </View>
    </Section>
  )
}

const useTimeline = (id: string, who: Who) =>
  useInfiniteQuery({
    queryKey: ['caseTimeline', id, who],
    queryFn: ({ pageParam, signal }) =>
      call('caseTimeline', {
        params: { id },
        query: { limit: PAGE, ...(who !== 'all' && { who }), ...(pageParam !== '' && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
    refetchInterval: query => ((query.state.data?.pages.length ?? 0) <= 1 ? 10_000 : false),
  })

interface ComposerProps {
  readonly id: string
  readonly unable: string | null
  readonly input: RefObject<HTMLTextAreaElement | null>
  readonly onNoted: () => void
}

/** Writes a note on the case; Ctrl or Command with Enter sends it. */
function Composer({ id, unable, input, onNoted }: ComposerProps): ReactNode {
  const t = useCaseTexts()
  const [text, setText] = useNoteDraft(id)
  const unanswered = useRef(new Map<string, string>())
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const language = useLanguage()
  const send = async (): Promise<void> => {
    if (text.trim() === '' || busy) return
    setBusy(true)
    const outcome = await carryOut(noteOf(text), [id], { unanswered: unanswered.current })
    setBusy(false)
    const refused = outcome.skipped[0]?.sentence
    if (refused) setError(language === 'en' ? refused.en : refused.zh)
    else if (outcome.error !== null) setError(outcome.error.detail === '' ? t('act.lost') : outcome.error.detail)
    else {
      setError(null)
      setText('')
      onNoted()
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void send()
  }
  return (
    <form className="compose" onSubmit={submit}>
      <textarea
        ref={input}
        rows={text === '' ? 1 : 3}
        maxLength={2000}
        aria-label={t('note.text')}
        placeholder={unable ?? t('note.placeholder')}
        readOnly={unable !== null}
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            // It leaves the field, not the page.
            event.preventDefault()
            event.currentTarget.blur()
          }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send()
        }}
      />
      <Button type="submit" small unable={unable} busy={busy} keys={text === '' ? shown('c') : shown('mod+Enter')}>
        {t('verb.note')}
      </Button>
      {error !== null && (
        <p className="red" role="alert">
          {error}
        </p>
      )}
    </form>
  )
}

const SAID = ['text', 'note', 'result', 'reason'] as const

function Entry({ item }: { item: TimelineItem }): ReactNode {
  const language = useLanguage()
  const nameOf = useAuthorName()
  const details = useDetails(item)
  const said = SAID.map(field => item.data[field]).find(value => typeof value === 'string')
  const t = useCaseTexts()
  // Why it was closed although it still holds.
  const { override } = item.data
  const overridden =
    typeof override === 'object' && override !== null && 'reason' in override ? override.reason : undefined
  const name = nameOf(item.actor)
  return (
    <li>
      <AuthorGlyph of={item.actor} name={name} />
      <div>
        <b className="m">{name}</b>{' '}
        <span className={item.own ? '' : 'd1'}>{language === 'en' ? item.name.en : item.name.zh}</span>
        {details !== '' && <span className="d2"> {details}</span>}
        {typeof said === 'string' && <p className="bub d1">{said}</p>}
        {typeof overridden === 'string' && <p className="bub d1">{t('step.override', { reason: overridden })}</p>}
      </div>
      <Time of={item.at} />
    </li>
  )
}

/** What a step says besides its words: to whom, until when, for whom, why. */
function useDetails({ data }: TimelineItem): string {
  const t = useCaseTexts()
  const now = useNow()
  const nameOf = useNames()
  const whoOf = useWho()
  const parts: string[] = []
  if (typeof data.owner === 'string') parts.push(`→ ${nameOf(data.owner)}`)
  if (typeof data.for === 'string') parts.push(t('step.for', { who: whoOf(data.for) }))
  if (typeof data.until === 'number') parts.push(t('step.until', { time: shortTime(data.until, now) }))
  if (typeof data.severity === 'string') parts.push(data.severity)
  const cause = CAUSES.find(one => one === data.cause)
  if (cause !== undefined) parts.push(t(`cause.${cause}`))
  return parts.join(' · ')
}
