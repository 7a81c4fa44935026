import './cockpit.css'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Monitor } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import type { Cockpit } from '../../../../src/contract/api/cockpit.ts'
import { Button, Segment } from '../../kit/button.tsx'
import { Freshness, Page } from '../../kit/page.tsx'
import { View } from '../../kit/states.tsx'
import { useLanguage, useNow } from '../../kit/time.tsx'
import { fullTime } from '../../lib/format.ts'
import { useVerbs, type Verb } from '../../lib/verbs.ts'
import { Causes } from './causes.tsx'
import { Feed } from './feed.tsx'
import { Flow } from './flow.tsx'
import { Headline } from './headline.tsx'
import { useCockpit } from './query.ts'
import { type CockpitSearch, RANGES, type Range } from './search.ts'
import { Sources } from './sources.tsx'
import { Stages } from './stages.tsx'
import { useCockpitTexts } from './texts.ts'
import { Urgent } from './urgent.tsx'
import { fillScreen, useWall } from './wall.ts'

export function CockpitPage(): ReactNode {
  const t = useCockpitTexts()
  const search = useSearch({ from: '/' })
  const query = useCockpit(search.range ?? 'today')
  const zoom = useWall(search.wall === true)
  return (
    <Page title={t('title')} ownHeading>
      <div className="cockpit" style={{ zoom }}>
        <Head search={search} cockpit={query.data} />
        <View query={query} what={t('title')} rows={12}>
          {cockpit => <Regions cockpit={cockpit} search={search} />}
        </View>
      </div>
    </Page>
  )
}

function Regions({ cockpit, search }: { cockpit: Cockpit; search: CockpitSearch }): ReactNode {
  const t = useCockpitTexts()
  return (
    <>
      {cockpit.kpis === null ? (
        <p className="d2">{t('limited')}</p>
      ) : (
        <Headline kpis={cockpit.kpis} open={cockpit.open} />
      )}
      <div className="body">
        <div className="left">
          {cockpit.flow !== null && <Flow flow={cockpit.flow} slot={cockpit.slot} />}
          <div className="two">
            <Causes cockpit={cockpit} search={search} />
            {cockpit.stages !== null && <Stages stages={cockpit.stages} slot={cockpit.slot} />}
          </div>
        </div>
        <div className="right">
          <Urgent cockpit={cockpit} />
          <Feed before={cockpit.facts} />
        </div>
      </div>
    </>
  )
}

function Head({ search, cockpit }: { search: CockpitSearch; cockpit: Cockpit | undefined }): ReactNode {
  const t = useCockpitTexts()
  const language = useLanguage()
  const now = useNow()
  const day = new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric', weekday: 'long' })
  const { range, wall, choose, setWall } = useChoices(search)
  return (
    <div className="title">
      <h1>{day.format(now)}</h1>
      {cockpit !== undefined && <Compared cockpit={cockpit} />}
      <span className="grow" />
      {wall && <Freshness />}
      {cockpit?.feeds != null && <Sources feeds={cockpit.feeds} />}
      <Segment<Range>
        label={t('range')}
        value={range}
        options={RANGES.map(value => ({ value, label: t(`range.${value}`) }))}
        onChange={choose}
      />
      <Button small icon={<Monitor size={14} aria-hidden />} keys="T" onClick={() => setWall(!wall)}>
        {wall ? t('wall.off') : t('wall.on')}
      </Button>
    </div>
  )
}

function Compared({ cockpit: { range, before } }: { cockpit: Cockpit }): ReactNode {
  const t = useCockpitTexts()
  const language = useLanguage()
  const whole = `${fullTime(before.from, language)} – ${fullTime(before.to, language)}`
  const day = new Intl.DateTimeFormat(language, { weekday: language === 'en' ? 'long' : 'short' }).format(
    Date.parse(before.from),
  )
  return (
    <span className="d2" title={whole}>
      {range === 'today' ? t('compare.today', { day }) : t(`compare.${range}`)}
    </span>
  )
}

function useChoices(search: CockpitSearch) {
  const t = useCockpitTexts()
  const navigate = useNavigate({ from: '/' })
  const range: Range = search.range ?? 'today'
  const wall = search.wall === true
  const { choose, setWall } = useMemo(
    () => ({
      choose: (value: Range): void =>
        void navigate({ search: before => ({ ...before, range: value === 'today' ? undefined : value }) }),
      setWall: (on: boolean): void => {
        void fillScreen(on)
        void navigate({ search: before => ({ ...before, wall: on ? true : undefined }) })
      },
    }),
    [navigate],
  )
  const verbs = useMemo((): Verb[] => {
    const verb = (id: string, label: string, run: () => void): Verb => ({ id, label, group: t('title'), run })
    return [
      { ...verb('wall', wall ? t('wall.off') : t('wall.on'), () => setWall(!wall)), keys: 't' },
      ...RANGES.map(value => verb(`range.${value}`, t(`range.${value}`), () => choose(value))),
      ...(wall ? [{ ...verb('wall.leave', t('wall.off'), () => setWall(false)), keys: 'Escape', keyOnly: true }] : []),
    ]
  }, [t, wall, choose, setWall])
  useVerbs(verbs)
  return { range, wall, choose, setWall }
}
