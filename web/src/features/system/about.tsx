import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { About as AboutItem } from '../../../../src/contract/api/index.ts'
import { Pane } from '../../kit/region.tsx'
import { Empty, View } from '../../kit/states.tsx'
import { asking } from '../../lib/query.ts'
import { licenceText } from './model.ts'
import { useSystemTexts } from './texts.ts'

/** Which release this is, and whose work it stands on. */
export function About(): ReactNode {
  const t = useSystemTexts()
  const query = useQuery({ ...asking('getAbout', {}), staleTime: Number.POSITIVE_INFINITY })
  return (
    <View query={query} what={t('about.what')} rows={8}>
      {about => (
        <>
          <Pane title="Andon">
            <dl className="kv" style={{ padding: '10px 14px', maxWidth: 480 }}>
              {(['version', 'licence', 'runtime', 'platform', 'database'] as const).map(name => (
                <Pair key={name} label={t(`about.${name}`)} value={about[name]} />
              ))}
            </dl>
          </Pane>
          <Packages packages={about.packages} />
        </>
      )}
    </View>
  )
}

const Pair = ({ label, value }: { label: string; value: string }): ReactNode => (
  <>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </>
)

function Packages({ packages }: { packages: AboutItem['packages'] }): ReactNode {
  const t = useSystemTexts()
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const shown = packages.filter(p => `${p.name} ${p.licence}`.toLowerCase().includes(wanted))
  return (
    <Pane title={t('about.packages')}>
      <p className="lead">
        {t('about.thanks')} {t('about.packagesMore', { count: packages.length, licences: licenceText(packages) })}
      </p>
      <div className="foot">
        <input
          className="filter"
          type="search"
          aria-label={t('about.filter')}
          placeholder={t('about.filter')}
          value={text}
          onChange={event => setText(event.target.value)}
        />
      </div>
      {shown.length === 0 ? (
        <Empty title={t('about.none')} />
      ) : (
        <table className="t">
          <thead>
            <tr>
              <th>{t('about.name')}</th>
              <th>{t('about.version')}</th>
              <th>{t('about.licence')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(p => (
              <tr key={`${p.name} ${p.version}`}>
                <td className="m">{p.name}</td>
                <td className="mono">{p.version}</td>
                <td>{p.licence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Pane>
  )
}
