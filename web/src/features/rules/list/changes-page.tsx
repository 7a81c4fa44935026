import '../rules.css'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { useNames, useRuleName } from '../../../kit/names.ts'
import { Page } from '../../../kit/page.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Time, useNow } from '../../../kit/time.tsx'
import { call, type Reply } from '../../../lib/api.ts'
import { count } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking, keyOf } from '../../../lib/query.ts'
import { useReason } from '../reason.ts'
import { Line } from '../rule/field.tsx'
import { Refused } from '../rule/refused.tsx'
import { useRuleTexts } from '../texts.ts'
import { RuleTabs } from './tabs.tsx'

type Changes = Reply<'listRuleChanges'>
type Change = Changes['items'][number]

/** Who changed which rule when and why, and how far open orders are with it. */
export function ChangesPage(): ReactNode {
  const t = useRuleTexts()
  const query = useQuery({ ...asking('listRuleChanges', {}), refetchInterval: 5000 })
  return (
    <Page title={t('tab.changes')}>
      <RuleTabs />
      <View
        query={query}
        what={t('tab.changes')}
        rows={10}
        isEmpty={({ items }) => items.length === 0}
        empty={<Empty title={t('changes.none')} />}
      >
        {({ items, sweeps }) => (
          <>
            <Sweeps sweeps={sweeps} />
            <Table items={items} />
          </>
        )}
      </View>
    </Page>
  )
}

function Sweeps({ sweeps }: Pick<Changes, 'sweeps'>): ReactNode {
  const t = useRuleTexts()
  return sweeps
    .filter(sweep => sweep.status === 'running')
    .map(sweep => (
      <p key={`${sweep.node} ${sweep.activeFrom}`} className="row pad sm" role="status">
        <progress aria-label={t('sweep.title')} max={sweep.groups} value={sweep.groupsDone} />
        {sweep.orders === null
          ? t('sweep.title')
          : t('sweep.runs', { orders: count(sweep.orders), over: sweep.groupsDone, groups: sweep.groups })}
      </p>
    ))
}

function Table({ items }: Pick<Changes, 'items'>): ReactNode {
  const t = useRuleTexts()
  return (
    <div className="rules-t">
      <table className="t">
        <thead>
          <tr>
            <th className="num">{t('changes.n')}</th>
            <th>{t('changes.from')}</th>
            <th>{t('changes.moves')}</th>
            <th>{t('changes.by')}</th>
            <th>{t('changes.why')}</th>
            <th>
              <span className="sr">{t('changes.cancel')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map(change => (
            <Row key={change.n} change={change} undone={items.some(other => other.undoes === change.n)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const SHOWN = 4

function Row({ change, undone }: { change: Change; undone: boolean }): ReactNode {
  const t = useRuleTexts()
  const now = useNow()
  const nameOf = useNames()
  const reasonOf = useReason()
  const ruleName = useRuleName()
  const waits = Date.parse(change.activeFrom) > now && !undone && change.undoes === null
  const { moves } = change
  return (
    <tr>
      <td className="num">{change.n}</td>
      <td>{Date.parse(change.activeFrom) === 0 ? t('changes.ever') : <Time of={change.activeFrom} />}</td>
      <td className="why">
        {change.undoes !== null && <span>{t('changes.undoes', { n: change.undoes })} </span>}
        {moves.slice(0, SHOWN).map(move => (
          <span key={move.rule} className="move">
            <Link className="l" to="/rules/$id" params={{ id: move.rule }} search={{ version: move.version }}>
              {ruleName(move.rule)}
            </Link>{' '}
            {t('head.waits', { version: move.version, stage: t(`stage.${move.to}`) })}
          </span>
        ))}
        {moves.length > SHOWN && <span className="d2"> {t('changes.more', { count: moves.length - SHOWN })}</span>}
      </td>
      <td>{nameOf(change.by)}</td>
      <td className="why" dir="auto">
        {reasonOf(change.by, change.reason)}
      </td>
      <td>{waits && <Cancel n={change.n} />}</td>
    </tr>
  )
}

function Cancel({ n }: { n: number }): ReactNode {
  const t = useRuleTexts()
  const client = useQueryClient()
  const unable = useUnable('rule.publish')
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const cancel = useMutation({
    mutationFn: () => call('cancelRuleChange', { params: { n }, body: { reason } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keyOf('listRuleChanges') })
      void client.invalidateQueries({ queryKey: keyOf('getRule') })
      setOpen(false)
    },
  })
  return (
    <>
      <Button small unable={unable} onClick={() => setOpen(true)}>
        {t('changes.cancel')}
      </Button>
      <Dialog open={open} title={t('changes.cancelTitle', { n })} onClose={() => setOpen(false)} width={480}>
        <div className="rule-d">
          <Line label={t('move.why')} rows={2} value={reason} onText={setReason} />
          {cancel.error !== null && <Refused error={cancel.error} said={t('move.not')} />}
          <div className="row end">
            <Button
              kind="solid"
              busy={cancel.isPending}
              unable={reason.trim() === '' ? t('save.needsWhy') : null}
              onClick={() => cancel.mutate()}
            >
              {t('changes.cancel')}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
