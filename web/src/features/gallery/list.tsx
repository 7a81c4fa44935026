import { type ReactNode, useMemo, useState } from 'react'
import { AuthorGlyph } from '../../kit/author.tsx'
import { BulkBar } from '../../kit/bulk-bar.tsx'
import { Button } from '../../kit/button.tsx'
import { Clock } from '../../kit/clock.tsx'
import { ColumnMenu } from '../../kit/column-menu.tsx'
import { Grid } from '../../kit/grid.tsx'
import { useGrid, useGridVerbs } from '../../kit/grid-state.ts'
import type { Column, GridLine } from '../../kit/grid-types.ts'
import { Money } from '../../kit/money.tsx'
import { Severity } from '../../kit/severity.tsx'
import { StateCircle } from '../../kit/state-circle.tsx'
import { useVerbs } from '../../lib/verbs.ts'
import { useGalleryTexts } from './texts.ts'

interface Item {
  readonly severity: 'P0' | 'P1' | 'P2' | 'P3'
  readonly name: string
  readonly minor: number
  readonly openedAt: number
  readonly dueAt: number
}

const LEVELS = ['P0', 'P1', 'P2', 'P3'] as const
const ROWS = 100_000
const HOUR = 3_600_000

export function ListPart(): ReactNode {
  const t = useGalleryTexts()
  const lines = useLines()
  const grid = useGrid(lines)
  const [opened, setOpened] = useState('')
  const columns = useShownColumns()
  useVerbs(useGridVerbs(grid, setOpened))
  return (
    <div style={{ position: 'relative', height: 320 }}>
      <div style={{ position: 'absolute', top: -26, right: 8 }}>
        <ColumnMenu name="gallery" columns={columns} />
      </div>
      <Grid
        name="gallery"
        label={t('part.grid')}
        columns={columns}
        grid={grid}
        total={ROWS}
        selectable
        onOpen={setOpened}
      />
      <BulkBar
        count={grid.selection.keys.size}
        shared={opened === '' ? undefined : opened}
        onClear={() => grid.change({ type: 'clear' })}
      >
        <Button kind="solid" keys="E">
          {t('verb.claim')}
        </Button>
      </BulkBar>
    </div>
  )
}

function useLines(): readonly GridLine<Item>[] {
  const t = useGalleryTexts()
  return useMemo(() => {
    const now = Date.now()
    const row = (i: number): GridLine<Item> => ({
      kind: 'row',
      key: `r${i}`,
      row: {
        severity: LEVELS[i % 4] ?? 'P3',
        name: i === 2 ? t('say.long') : `${t('type.late')} ${i}`,
        minor: i === 3 ? 1e11 : i * 100,
        openedAt: now - (i % 7) * HOUR,
        dueAt: now + ((i % 9) - 1) * HOUR,
      },
    })
    const group = (key: 'group.soon' | 'group.today', count: number): GridLine<Item> => ({
      kind: 'group',
      key,
      title: t(key),
      count,
      closed: false,
      onToggle: () => {},
    })
    const rows = Array.from({ length: ROWS }, (_, i) => row(i))
    return [group('group.soon', 6), ...rows.slice(0, 6), group('group.today', ROWS - 6), ...rows.slice(6)]
  }, [t])
}

function useShownColumns(): readonly Column<Item>[] {
  const t = useGalleryTexts()
  return useMemo(
    () => [
      {
        id: 'severity',
        name: t('col.severity'),
        width: 48,
        fixed: true,
        cell: item => <Severity of={item.severity} />,
      },
      { id: 'name', name: t('col.name'), width: 'minmax(220px, 1fr)', cell: item => item.name },
      {
        id: 'money',
        name: t('col.money'),
        width: 140,
        num: true,
        cell: item => <Money of={{ minor: item.minor, currency: 'CNY' }} bare digits={0} />,
      },
      {
        id: 'owner',
        name: t('part.author'),
        quietHead: true,
        width: 36,
        fixed: true,
        cell: () => <AuthorGlyph of={null} />,
      },
      {
        id: 'state',
        name: t('field.state'),
        quietHead: true,
        width: 32,
        fixed: true,
        cell: () => <StateCircle of="open" bare />,
      },
      {
        id: 'clock',
        name: t('col.clock'),
        width: 150,
        cell: item => <Clock openedAt={item.openedAt} dueAt={item.dueAt} />,
      },
    ],
    [t],
  )
}
