import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Empty, View, type ViewProps } from '../../../kit/states.tsx'
import { Tag } from '../../../kit/tag.tsx'
import type { Reply } from '../../../lib/api.ts'
import { useSaid } from '../sentence/said.ts'
import { tableIn } from '../tables/table.ts'
import { useRuleTexts } from '../texts.ts'

type Lint = Reply<'lintRules'>

const TONES = { error: 'red', warning: 'amber', note: 'plain' } as const

/** What the linter says, the worst first, each with an order on which it shows. */
export function FindingList({ query }: { query: ViewProps<Lint>['query'] }): ReactNode {
  const t = useRuleTexts()
  return (
    <View
      query={query}
      what={t('findings.title')}
      isEmpty={({ items }) => items.length === 0}
      empty={<Empty title={t('findings.none')} why={t('findings.noneWhy')} />}
    >
      {({ items }) => (
        <ul className="finds">
          {items.map(item => (
            <Finding key={`${item.code} ${item.rules.join(' ')} ${item.message.en}`} item={item} />
          ))}
        </ul>
      )}
    </View>
  )
}

function Finding({ item }: { item: Lint['items'][number] }): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  return (
    <li>
      <Tag tone={TONES[item.level]}>{t(`level.${item.level}`)}</Tag>
      <div>
        <p>{said(item.message)}</p>
        <p className="sm row wrap">
          {item.rules.map(id => (
            <Subject key={id} id={id} />
          ))}
        </p>
        <OrderShown example={item.example} />
      </div>
    </li>
  )
}

/** An order on which it shows, where there is one. */
export function OrderShown({ example }: { example: object | null }): ReactNode {
  const t = useRuleTexts()
  if (example === null) return null
  return (
    <details className="sm d1">
      <summary>{t('findings.example')}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable by the keyboard */}
      <pre className="mono" tabIndex={0}>
        {JSON.stringify(example, null, 2)}
      </pre>
    </details>
  )
}

/** What it is about: a rule, or a decision table. */
function Subject({ id }: { id: string }): ReactNode {
  const table = tableIn(id)
  if (table !== null)
    return (
      <Link className="l mono" to="/rules/tables/$id" params={{ id: table }}>
        {id}
      </Link>
    )
  return (
    <Link className="l mono" to="/rules/$id" params={{ id }}>
      {id}
    </Link>
  )
}
