import '../kit/styles/page.css'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { LoaderCircle, Settings2 } from 'lucide-react'
import { Fragment, type ReactNode, Suspense, useMemo } from 'react'
import { AuthorGlyph } from '../kit/author.tsx'
import { Lamp } from '../kit/lamp.tsx'
import { ICON } from '../kit/page.tsx'
import { Boundary } from '../kit/region.tsx'
import { Bars } from '../kit/states.tsx'
import { Toasts } from '../kit/toast.tsx'
import { along } from '../lib/along.ts'
import { isDoor } from '../lib/door.ts'
import { count } from '../lib/format.ts'
import { useLiveCounts } from '../lib/live-counts.ts'
import { useMe } from '../lib/me.ts'
import { openOverlay } from '../lib/menu.ts'
import { useVerbs, type Verb } from '../lib/verbs.ts'
import { CommandMenu } from './command-menu.tsx'
import { DisplaySettings, useDisplayVerbs } from './display.tsx'
import { Jobs, useRunningJobs } from './jobs.tsx'
import { KeyList } from './key-list.tsx'
import { PLACES, type Place } from './nav.ts'
import { useAppTexts } from './texts.ts'

// Most worlds are live and full: then only its question is asked, and nothing is shown.
const usePractice = along(() => import('../features/practice/strip.tsx'))
const useAlarm = along(() => import('../features/access/kept/alarm.tsx'))

/** The frame of the console; before the sign-in there is none. */
export function Shell(): ReactNode {
  const path = useRouterState({ select: state => state.location.pathname })
  if (!isDoor(path)) return <Inside />
  return (
    <Suspense fallback={<Bars rows={8} />}>
      <Outlet />
    </Suspense>
  )
}

/** Navigation left, the page right, and what lies over both. */
function Inside(): ReactNode {
  const t = useAppTexts()
  useShellVerbs()
  return (
    <div className="app">
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <Boundary>
        <Practice />
      </Boundary>
      <Navigation />
      <Boundary what={t('page')}>
        <Suspense fallback={<Bars rows={8} />}>
          <Outlet />
        </Suspense>
      </Boundary>
      <CommandMenu />
      <KeyList />
      <Jobs />
      <Toasts />
    </div>
  )
}

function Practice(): ReactNode {
  const practice = usePractice()
  return practice && <practice.PracticeStrip />
}

function Alarm(): ReactNode {
  const alarm = useAlarm()
  return alarm && <alarm.BackupAlarm />
}

/** The places that one may go to; all of them while nobody knows yet who asks. */
function usePlaces(): typeof PLACES {
  const me = useMe()
  return useMemo(() => {
    const may = ({ right }: Place): boolean =>
      right === undefined || me === undefined || me.rights.some(held => held.right === right)
    return PLACES.map(group => ({ ...group, places: group.places.filter(may) })).filter(g => g.places.length > 0)
  }, [me])
}

function Navigation(): ReactNode {
  const t = useAppTexts()
  const groups = usePlaces()
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      <div className="org">
        <Lamp />
        <span className="el">Andon</span>
      </div>
      {groups.map(({ heading, places }) => (
        <Fragment key={heading ?? ''}>
          {heading !== null && <h3>{t(heading)}</h3>}
          {places.map(place => (
            <PlaceLink key={place.to} place={place} />
          ))}
        </Fragment>
      ))}
      <span className="grow" />
      <Boundary>
        <Alarm />
      </Boundary>
      <JobsButton />
      <DisplaySettings icon={<Settings2 {...ICON} />} />
      <Person />
    </nav>
  )
}

function PlaceLink({ place }: { place: Place }): ReactNode {
  const t = useAppTexts()
  const counted = useLiveCounts(({ counts }) => (counts === null ? null : (place.count?.(counts) ?? null)))
  const Icon = place.icon
  return (
    <Link
      to={place.to}
      activeOptions={{ exact: place.to === '/', includeSearch: false }}
      activeProps={{ className: 'on' }}
      title={t(place.text)}
    >
      <Icon {...ICON} />
      <span className="el">{t(place.text)}</span>
      {counted !== null && counted > 0 && <i className={place.alarm ? 'red' : ''}>{count(counted)}</i>}
    </Link>
  )
}

/** Who is signed in, and the way to one's account. */
function Person(): ReactNode {
  const t = useAppTexts()
  const me = useMe()
  if (me === undefined) return null
  return (
    <Link to="/account" activeProps={{ className: 'on' }} title={t('nav.account')}>
      <AuthorGlyph of={me.actor} name={me.name} />
      <span className="el">{me.name}</span>
    </Link>
  )
}

/** There only while something runs; the command menu always has it. */
function JobsButton(): ReactNode {
  const t = useAppTexts()
  const running = useRunningJobs()
  if (running === 0) return null
  return (
    <button type="button" onClick={() => openOverlay('jobs')}>
      <LoaderCircle {...ICON} />
      <span className="el">{t('jobs.running', { count: running })}</span>
    </button>
  )
}

function useShellVerbs(): void {
  const t = useAppTexts()
  const navigate = useNavigate()
  const display = useDisplayVerbs()
  const groups = usePlaces()
  const verbs = useMemo(
    (): Verb[] => [
      ...groups
        .flatMap(({ places }) => places)
        .map(({ to, text, keys }) => ({
          id: `go.${to}`,
          label: t(text),
          group: t('group.go'),
          keys,
          run: () => void navigate({ to }),
        })),
      ...display,
      {
        id: 'commands',
        label: t('verb.commands'),
        group: t('group.help'),
        keys: 'mod+k',
        keyOnly: true,
        run: () => openOverlay('commands'),
      },
      { id: 'jobs', label: t('verb.jobs'), group: t('group.go'), keys: 'g j', run: () => openOverlay('jobs') },
      { id: 'keys', label: t('verb.keys'), group: t('group.help'), keys: '?', run: () => openOverlay('keys') },
    ],
    [t, navigate, display, groups],
  )
  useVerbs(verbs)
}
