import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { RoleItem } from '../../../../../src/contract/api/index.ts'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { useLanguage } from '../../../kit/time.tsx'
import { call } from '../../../lib/api.ts'
import { Field } from '../field.tsx'
import { Problem } from '../problem.tsx'
import { useAccessTexts } from '../texts.ts'
import type { RightInfo } from './right-info.ts'

export interface RoleDialogProps {
  readonly role: RoleItem | 'new' | null
  readonly rights: readonly RightInfo[]
  readonly unable: string | null
  readonly onClose: () => void
}

/** Makes a role of one's own, or changes one. */
export function RoleDialog({ role, rights, unable, onClose }: RoleDialogProps): ReactNode {
  const t = useAccessTexts()
  return (
    <Dialog open={role !== null} title={t(role === 'new' ? 'roles.new' : 'roles.change')} onClose={onClose} width={720}>
      <RoleForm role={role === 'new' ? null : role} rights={rights} unable={unable} onClose={onClose} />
    </Dialog>
  )
}

type Cells = RoleItem['cells']
type FormProps = Omit<RoleDialogProps, 'role'> & { readonly role: RoleItem | null }

function RoleForm({ role, rights, unable, onClose }: FormProps): ReactNode {
  const t = useAccessTexts()
  const client = useQueryClient()
  const [id, setId] = useState(role?.id ?? '')
  const [zh, setZh] = useState(role?.name.zh ?? '')
  const [en, setEn] = useState(role?.name.en ?? '')
  const [cells, setCells] = useState<Cells>(role?.cells ?? {})
  const done = (): void => {
    void client.invalidateQueries({ queryKey: ['listRoles'] })
    onClose()
  }
  const name = { zh, en }
  const save = useMutation({
    mutationFn: () =>
      role === null
        ? call('createRole', { body: { id, name, cells } })
        : call('changeRole', { params: { id: role.id }, body: { version: role.version, name, cells } }),
    onSuccess: done,
  })
  const retire = useMutation({
    mutationFn: (given: RoleItem) => call('retireRole', { params: { id: given.id }, body: { version: given.version } }),
    onSuccess: done,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!save.isPending) save.mutate()
  }
  return (
    <form className="form wide" onSubmit={submit}>
      <Field
        {...{ label: t('roles.id'), hint: t('roles.idHint'), required: true, readOnly: role !== null, maxLength: 40 }}
        value={id}
        onText={setId}
      />
      <Field {...{ label: t('roles.zh'), required: true, maxLength: 100 }} value={zh} onText={setZh} />
      <Field {...{ label: t('roles.en'), required: true, maxLength: 100 }} value={en} onText={setEn} />
      <RightPicks rights={rights} cells={cells} onChange={setCells} />
      <Problem error={save.error ?? retire.error} />
      <div className="row">
        <Button kind="solid" type="submit" busy={save.isPending} unable={unable}>
          {t('save')}
        </Button>
        <span className="grow" />
        {role !== null && (
          <Button kind="danger" busy={retire.isPending} unable={unable} onClick={() => retire.mutate(role)}>
            {t('roles.retire')}
          </Button>
        )}
      </div>
    </form>
  )
}

interface RightPicksProps {
  readonly rights: readonly RightInfo[]
  readonly cells: Cells
  readonly onChange: (cells: Cells) => void
}

function RightPicks({ rights, cells, onChange }: RightPicksProps): ReactNode {
  const t = useAccessTexts()
  const language = useLanguage()
  const set = (id: RightInfo['id'], value: string): void => {
    const { [id]: _, ...rest } = cells
    onChange(value === 'all' || value === 'team' || value === 'own' ? { ...rest, [id]: value } : rest)
  }
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend className="m">{t('roles.rights')}</legend>
      <div className="picks">
        {rights.map(right => (
          <div key={right.id} className="pick">
            <select
              aria-label={language === 'en' ? right.name.en : right.name.zh}
              value={cells[right.id] ?? ''}
              onChange={event => set(right.id, event.target.value)}
            >
              <option value="">{t('cell.none')}</option>
              <option value="all">{t('cell.all')}</option>
              {right.about === 'case' && <option value="team">{t('cell.team')}</option>}
              {right.about === 'case' && <option value="own">{t('cell.own')}</option>}
            </select>
            <span aria-hidden>{language === 'en' ? right.name.en : right.name.zh}</span>
          </div>
        ))}
      </div>
    </fieldset>
  )
}
