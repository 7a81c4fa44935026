import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ApiKeyItem } from '../../../../../src/contract/api/index.ts'
import { useLanguage } from '../../../kit/time.tsx'
import { rightsQuery } from '../people/queries.ts'
import { useAccessTexts } from '../texts.ts'

type Rights = ApiKeyItem['rights']

/** What a key may do, right by right. */
export function KeyRights({ of, onChange }: { of: Rights; onChange: (rights: Rights) => void }): ReactNode {
  const t = useAccessTexts()
  const language = useLanguage()
  const rights = useQuery(rightsQuery)
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend className="m">{t('keys.rights')}</legend>
      <div className="picks">
        {(rights.data?.items ?? []).map(({ id, name }) => (
          <label key={id} className="pick">
            <input
              type="checkbox"
              checked={of.includes(id)}
              onChange={() => onChange(of.includes(id) ? of.filter(one => one !== id) : [...of, id])}
            />
            {language === 'en' ? name.en : name.zh}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
