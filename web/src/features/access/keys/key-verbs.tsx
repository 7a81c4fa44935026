import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { ApiKeyItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Time } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { Field } from '../field.tsx'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'

export interface KeyVerbsProps {
  readonly apiKey: ApiKeyItem
  readonly unable: string | null
  readonly onChanged: (key: ApiKeyItem, secret: string | null) => void
}

/** A new secret, the old one going on for a while; or the end of the key. */
export function KeyVerbs({ apiKey, unable, onChanged }: KeyVerbsProps): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const [hours, setHours] = useState('24')
  const params = { id: apiKey.id }
  const fresh = (): void => void client.invalidateQueries({ queryKey: ['listKeys'] })
  const rotate = useMutation({
    mutationFn: () => call('rotateKey', { params, body: { overlapHours: Number(hours) } }),
    onSuccess: ({ key, secret }) => {
      fresh()
      onChanged(key, secret)
    },
  })
  const revoke = useMutation({
    mutationFn: () => call('revokeKey', { params }),
    onSuccess: key => {
      fresh()
      onChanged(key, null)
    },
  })
  const over = apiKey.status === 'revoked' ? t('keyStatus.revoked') : unable
  return (
    <div className="form wide" style={{ borderTop: '1px solid var(--line)' }}>
      <ul>
        {apiKey.secrets.map(secret => (
          <li key={secret.hint} className="row sm">
            <code className="mono">{`andon_${secret.hint}_…`}</code>
            <Time of={secret.createdAt} />
            {secret.expiresAt !== null && (
              <span className="amber">
                {t('keys.until')} <Time of={secret.expiresAt} />
              </span>
            )}
          </li>
        ))}
      </ul>
      <Problem error={rotate.error ?? revoke.error} />
      <div className="row wrap" style={{ alignItems: 'end' }}>
        <div style={{ width: 150 }}>
          <Field label={t('keys.overlap')} type="number" value={hours} onText={setHours} />
        </div>
        <Button busy={rotate.isPending} unable={over} onClick={() => rotate.mutate()}>
          {t('keys.rotate')}
        </Button>
        <span className="grow" />
        <Button kind="danger" busy={revoke.isPending} unable={over} onClick={() => revoke.mutate()}>
          {t('keys.revoke')}
        </Button>
      </div>
    </div>
  )
}
