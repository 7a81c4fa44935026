import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { Empty, View } from '../../../kit/states.tsx'
import { Table } from '../../../kit/table.tsx'
import { Time } from '../../../kit/time.tsx'
import { call, type Reply } from '../../../lib/api.ts'
import { duration, sizeText } from '../../../lib/format.ts'
import { useUnable } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'

type Backups = Reply<'listBackups'>

const EVERY = 15_000

/** The backups that there are, and above all whether the last one went well. */
export function BackupsPane(): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const unable = useUnable('backup.run')
  const backups = useQuery({ ...asking('listBackups', {}), refetchInterval: EVERY })
  const start = useMutation({
    mutationFn: () => call('startBackup', {}),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['listJobs'] })
      void client.invalidateQueries({ queryKey: ['listBackups'] })
    },
  })
  return (
    <Pane
      title={t('kept.backups')}
      sub={backups.data && <Plan of={backups.data} />}
      end={
        <Button kind="solid" small busy={start.isPending} unable={unable} onClick={() => start.mutate()}>
          {t('kept.do')}
        </Button>
      }
    >
      <Problem error={start.error} />
      {start.isSuccess && <output className="green in-pane">{t('kept.started')}</output>}
      <View query={backups} what={t('kept.backups')} rows={4}>
        {state => (
          <>
            <State of={state} />
            {state.items.length === 0 ? <Empty title={t('kept.none')} /> : <Files items={state.items} />}
          </>
        )}
      </View>
    </Pane>
  )
}

function Plan({ of: { every, keep } }: { of: Backups }): ReactNode {
  const t = useAccessTexts()
  return every === null ? t('kept.byHand') : t('kept.every', { time: duration(every), keep })
}

function State({ of: { lastDoneAt, lastFailure, overdue, encrypted } }: { of: Backups }): ReactNode {
  const t = useAccessTexts()
  return (
    <div className="in-pane form" role="status">
      {lastFailure !== null && (
        <p className="red problem">
          <Time of={lastFailure.at} /> {t('kept.failed', { why: lastFailure.message })}
        </p>
      )}
      {overdue && <p className="red">{t('kept.overdue')}</p>}
      <p className="d1">
        {t('kept.last')}: <Time of={lastDoneAt} />
      </p>
      {!encrypted && <p className="amber">{t('kept.plain')}</p>}
    </div>
  )
}

function Files({ items }: Pick<Backups, 'items'>): ReactNode {
  const t = useAccessTexts()
  return (
    <Table
      items={items}
      keyOf={file => file.name}
      columns={[
        { head: t('kept.file'), cell: file => file.name, className: 'mono' },
        { head: t('kept.made'), cell: file => <Time of={file.createdAt} /> },
        { head: t('kept.size'), cell: file => sizeText(file.size), num: true },
        {
          head: t('kept.encrypted'),
          cell: file => (file.encrypted ? t('yes') : t('no')),
          className: file => (file.encrypted ? 'green' : ''),
        },
      ]}
    />
  )
}
