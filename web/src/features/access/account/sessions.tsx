import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { View } from '../../../kit/states.tsx'
import { Table } from '../../../kit/table.tsx'
import { Time } from '../../../kit/time.tsx'
import { call, type Reply } from '../../../lib/api.ts'
import { asking } from '../../../lib/query.ts'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'

type Session = Reply<'listMySessions'>['items'][number]

/** Where one is signed in, and how to end it. */
export function SessionsPane(): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const sessions = useQuery(asking('listMySessions', {}))
  const fresh = (): void => void client.invalidateQueries({ queryKey: ['listMySessions'] })
  const end = useMutation({ mutationFn: (id: string) => call('endMySession', { params: { id } }), onSuccess: fresh })
  const endOthers = useMutation({ mutationFn: () => call('endMyOtherSessions', {}), onSuccess: fresh })
  const others = (sessions.data?.items.length ?? 0) > 1
  return (
    <Pane
      title={t('sessions.title')}
      end={
        <Button
          small
          busy={endOthers.isPending}
          unable={others ? null : t('sessions.only')}
          onClick={() => endOthers.mutate()}
        >
          {t('sessions.endOthers')}
        </Button>
      }
    >
      <Problem error={end.error ?? endOthers.error} />
      <View query={sessions} what={t('sessions.title')} rows={3}>
        {({ items }) => (
          <Table
            items={items}
            keyOf={session => session.id}
            columns={[
              {
                head: t('sessions.agent'),
                cell: session => deviceOf(t, session),
                cut: { at: 360, text: s => s.agent ?? '—' },
              },
              { head: t('sessions.address'), cell: session => session.address ?? '—', className: 'mono' },
              { head: t('sessions.began'), cell: session => <Time of={session.createdAt} /> },
              { head: t('sessions.used'), cell: session => <Time of={session.usedAt} /> },
              {
                ...{ head: t('sessions.end'), num: true },
                cell: session =>
                  session.present ? (
                    <span className="green">{t('sessions.present')}</span>
                  ) : (
                    <Button small busy={end.isPending} onClick={() => end.mutate(session.id)}>
                      {t('sessions.end')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </View>
    </Pane>
  )
}

/** In words; a program that is no browser goes by what it says of itself. */
function deviceOf(t: ReturnType<typeof useAccessTexts>, { agent, browser, system }: Session): string {
  if (browser !== null && system !== null) return t('sessions.device', { browser, system })
  return browser ?? system ?? agent ?? '—'
}
