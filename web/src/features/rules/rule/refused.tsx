import type { ReactNode } from 'react'
import { ApiError } from '../../../lib/api.ts'
import { useRuleTexts } from '../texts.ts'

/** A refusal where the verb was asked for: what was not done, and why. */
export function Refused({ error, said }: { error: Error; said: string }): ReactNode {
  const t = useRuleTexts()
  const known = error instanceof ApiError ? error : null
  return (
    <p role="alert" className="red sm refused">
      {said} {known && known.detail !== '' ? known.detail : t('refused.unreachable')}
      {known?.problem?.errors?.map(one => (
        <span key={`${one.pointer} ${one.code}`} className="line">
          <bdi className="mono">{one.pointer}</bdi> {one.message}
        </span>
      ))}
    </p>
  )
}
