import '../rules.css'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { RuleVersionItem } from '../../../../../src/contract/api/rules.ts'
import { Button } from '../../../kit/button.tsx'
import { useNames } from '../../../kit/names.ts'
import { Page } from '../../../kit/page.tsx'
import { Pane } from '../../../kit/region.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Time } from '../../../kit/time.tsx'
import { useUnable } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import { Crumb } from '../crumb.tsx'
import { comparedOf } from '../model/compared.ts'
import { useReason } from '../reason.ts'
import type { RuleDetail } from '../rule/editing.ts'
import { MoveDialog } from '../rule/move-dialog.tsx'
import { StageTag } from '../stage.tsx'
import { useRuleTexts } from '../texts.ts'

const at = getRouteApi('/rules/$id/versions')

/** Every version of a rule: who wrote it when and why, what differs, and the way back to it. */
export function VersionsPage(): ReactNode {
  const t = useRuleTexts()
  const { id } = at.useParams()
  const query = useQuery(asking('getRule', { params: { id } }))
  return (
    <Page title={t('versions.title')} crumbs={<Crumb rule={id} />}>
      <View query={query} what={t('versions.title')} rows={8}>
        {detail => <Versions detail={detail} />}
      </View>
    </Page>
  )
}

function Versions({ detail }: { detail: RuleDetail }): ReactNode {
  const t = useRuleTexts()
  const search = at.useSearch()
  const { from, to } = comparedOf(detail, search)
  return (
    <div className="rul-v">
      <Pane title={t('versions.all')} sub={t('versions.sub', { count: detail.versions.length })}>
        <ul className="rule-vs pad">
          {detail.versions.map(version => (
            <One key={version.version} detail={detail} version={version} compared={{ from, to }} />
          ))}
        </ul>
      </Pane>
      <Diff id={detail.id} from={from} to={to} />
    </div>
  )
}

interface OneProps {
  readonly detail: RuleDetail
  readonly version: RuleVersionItem
  readonly compared: { readonly from: number; readonly to: number }
}

function One({ detail, version, compared }: OneProps): ReactNode {
  const t = useRuleTexts()
  const navigate = useNavigate()
  const nameOf = useNames()
  const reasonOf = useReason()
  const unable = useUnable('rule.publish')
  const [open, setOpen] = useState(false)
  const { id } = detail
  const n = version.version
  const compare = (search: { from: number; to: number }): void =>
    void navigate({ to: '/rules/$id/versions', params: { id }, search, replace: true })
  return (
    <li className={n === compared.from || n === compared.to ? 'on' : ''}>
      <div className="row wrap">
        <Link className="l m" to="/rules/$id" params={{ id }} search={{ version: n }}>
          {t('versions.one', { version: n })}
        </Link>
        <StageTag of={version.stage} />
        <span className="d2 sm">
          {nameOf(version.author)} · <Time of={version.at} />
        </span>
        <span className="grow" />
        <Button small kind="ghost" onClick={() => compare({ from: n, to: compared.to })}>
          {t('versions.before')}
        </Button>
        <Button small kind="ghost" onClick={() => compare({ from: compared.from, to: n })}>
          {t('versions.after')}
        </Button>
        {version.stage === 'retired' && (
          <Button small unable={unable} onClick={() => setOpen(true)}>
            {t('versions.back')}
          </Button>
        )}
      </div>
      <p className="d1" dir="auto">
        {reasonOf(version.author, version.reason)}
      </p>
      {open && <MoveDialog id={id} version={n} to="live" onClose={() => setOpen(false)} />}
    </li>
  )
}

function Diff({ id, from, to }: { id: string; from: number; to: number }): ReactNode {
  const t = useRuleTexts()
  const query = useQuery(asking('diffRule', { params: { id }, query: { from, to } }))
  return (
    <Pane title={t('diff.title', { from, to })}>
      <View
        query={query}
        what={t('diff.what')}
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty title={t('diff.none')} why={from === to ? t('diff.same') : undefined} />}
      >
        {({ items }) => (
          <div className="rules-t">
            <table className="t diff-t">
              <thead>
                <tr>
                  <th>{t('diff.field')}</th>
                  <th>{t('diff.before')}</th>
                  <th>{t('diff.after')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ path, before, after }) => (
                  <tr key={path}>
                    <td>
                      <FieldName path={path} />
                    </td>
                    <td>{before !== undefined && before !== null && <del>{shown(before)}</del>}</td>
                    <td>{after !== undefined && after !== null && <ins>{shown(after)}</ins>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </View>
    </Pane>
  )
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const FIELDS = [
  'when',
  'name',
  'reason',
  'hint',
  'severity',
  'clears',
  'for',
  'team',
  'type',
  'constants',
  'examples',
  'pack',
] as const

/** `constants.limit.value` as "Constants: limit.value". */
function FieldName({ path }: { path: string }): ReactNode {
  const t = useRuleTexts()
  const [, head = '', rest = ''] = /^(\w+)[.]?(.*)$/.exec(path) ?? []
  const field = FIELDS.find(name => name === head)
  if (field === undefined) return <span className="mono">{path}</span>
  return (
    <>
      {t(`field.${field}`)} {rest !== '' && <span className="mono d2">{rest}</span>}
    </>
  )
}
