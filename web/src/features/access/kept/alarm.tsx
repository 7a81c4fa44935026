import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMe } from '../../../lib/me.ts'
import { asking } from '../../../lib/query.ts'
import { useAccessTexts } from '../texts.ts'

const EVERY = 60_000

/** On every page, for whoever can do something about it: the last backup failed, or there should be a newer one. */
export function BackupAlarm(): ReactNode {
  const t = useAccessTexts()
  const may = useMe()?.rights.some(held => held.right === 'backup.run') === true
  const { data } = useQuery({ ...asking('listBackups', {}), enabled: may, refetchInterval: EVERY })
  if (data === undefined || (data.lastFailure === null && !data.overdue)) return null
  return (
    <Link to="/backups" style={{ color: 'var(--red)' }} title={data.lastFailure?.message ?? t('kept.overdue')}>
      <TriangleAlert size={15} strokeWidth={1.75} aria-hidden />
      <span className="el">{t('kept.alarm')}</span>
    </Link>
  )
}
