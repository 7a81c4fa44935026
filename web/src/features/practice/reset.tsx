import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { PracticeShop } from '../../../../src/contract/api/index.ts'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { call, expectSignOut } from '../../lib/api.ts'
import { fromHere, wordsOf } from './queries.ts'
import { usePracticeTexts } from './texts.ts'

interface ResetProps {
  readonly shop: PracticeShop
  readonly open: boolean
  readonly onClose: () => void
}

/** Says what is lost before it is: there is no way back. */
export function ResetDialog({ shop, open, onClose }: ResetProps): ReactNode {
  const t = usePracticeTexts()
  const [seed, setSeed] = useState(String(shop.seed + 1))
  const reset = useMutation({
    mutationFn: () => call('resetPractice', { body: { seed: Number(seed) } }),
    onSuccess: ({ url }) => {
      expectSignOut()
      // The link signs in to the new world.
      void untilAnother(shop.opensAt).then(() => location.assign(url === null ? '/' : fromHere(url)))
    },
  })
  const busy = reset.isPending || reset.isSuccess
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (/^\d{1,9}$/.test(seed) && !busy) reset.mutate()
  }
  return (
    <Dialog open={open} title={t('reset.title')} onClose={() => !busy && onClose()} width={460}>
      <form className="in practice-form" onSubmit={submit}>
        <p>{t('reset.lead')}</p>
        <div className="row" style={{ margin: '12px 0' }}>
          <label htmlFor="practice-seed">{t('reset.seed')}</label>
          <input
            id="practice-seed"
            inputMode="numeric"
            pattern="\d{1,9}"
            value={seed}
            onChange={e => setSeed(e.target.value)}
          />
          <span className="d2 sm">{t('reset.seedHelp')}</span>
        </div>
        {reset.error !== null && (
          <p className="red" role="alert">
            {t('refused', { why: wordsOf(reset.error) })}
          </p>
        )}
        {reset.isSuccess && <p role="status">{t('reset.busy')}</p>}
        <div className="row">
          <span className="grow" />
          <Button onClick={onClose} unable={busy ? t('reset.busy') : null}>
            {t('reset.cancel')}
          </Button>
          <Button kind="danger" type="submit" busy={busy}>
            {t('reset.do')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

const AGAIN = 1000

/** Resolves when another world answers than the one that opened then: it does not know us any more. */
async function untilAnother(opensAt: string): Promise<void> {
  for (;;) {
    await new Promise(resolve => window.setTimeout(resolve, AGAIN))
    const answer = await fetch('/v1/practice').catch(() => null)
    if (answer?.status === 401) return
    const body = answer?.ok ? await answer.json() : null
    if (body?.shop && body.shop.opensAt !== opensAt) return
  }
}
