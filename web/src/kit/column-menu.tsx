import { Columns3 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useColumns } from './columns.ts'
import type { Column } from './grid-types.ts'
import { Popup } from './popup.tsx'
import { useKitTexts } from './texts.ts'

/** Which columns of a list are shown; kept for the next time. */
export function ColumnMenu<R>({ name, columns }: { name: string; columns: readonly Column<R>[] }): ReactNode {
  const t = useKitTexts()
  const { hidden, setHidden } = useColumns(name, columns)
  return (
    <Popup
      label={t('columns.label')}
      button={{ small: true, kind: 'ghost', icon: <Columns3 size={14} aria-hidden />, name: t('columns.label') }}
    >
      {columns
        .filter(column => !column.fixed)
        .map(column => (
          <label key={column.id} className="item">
            <input
              type="checkbox"
              checked={!hidden.has(column.id)}
              onChange={event => setHidden(column.id, !event.target.checked)}
            />
            {column.name}
          </label>
        ))}
    </Popup>
  )
}
