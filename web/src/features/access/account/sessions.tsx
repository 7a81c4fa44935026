import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from '../../../kit/button.tsx'
import { Pane } from '../../../kit/region.tsx'
import { View } from '../../../kit/states.tsx'
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
          <div className="acc-table">
            <table className="t">
              <thead>
                <tr>
                  <th>{t('sessions.agent')}</th>
                  <th>{t('sessions.address')}</th>
                  <th>{t('sessions.began')}</th>
                  <th>{t('sessions.used')}</th>
                  <th className="num">{t('sessions.end')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map(session => (
                  <Row key={session.id} session={session} busy={end.isPending} onEnd={() => end.mutate(session.id)} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </View>
    </Pane>
  )
}

function Row({ session, busy, onEnd }: { session: Session; busy: boolean; onEnd: () => void }): ReactNode {
  const t = useAccessTexts()
  return (
    <tr>
      <td className="el" style={{ maxWidth: 360 }} title={session.agent ?? undefined}>
        {session.agent ?? '—'}
      </td>
      <td className="mono">{session.address ?? '—'}</td>
      <td>
        <Time of={session.createdAt} />
      </td>
      <td>
        <Time of={session.usedAt} />
      </td>
      <td className="num">
        {session.present ? (
          <span className="green">{t('sessions.present')}</span>
        ) : (
          <Button small busy={busy} onClick={onEnd}>
            {t('sessions.end')}
          </Button>
        )}
      </td>
    </tr>
  )
}
