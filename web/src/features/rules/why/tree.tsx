import { Check, Minus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Reply } from '../../../lib/api.ts'
import { useSaid } from '../sentence/said.ts'
import { useRuleTexts } from '../texts.ts'

type Explanation = Reply<'explainRule'>
type Node = Explanation['nodes'][number]

/** How deep each node sits, as every node stands after the one that it is a part of. */
function depthsOf(nodes: readonly Node[]): number[] {
  const depths: number[] = []
  for (const { parent } of nodes) depths.push(parent === null ? 0 : (depths[parent] ?? 0) + 1)
  return depths
}

/** The condition part by part: what it is, in words, and what time will do to it. */
export function Tree({ of, version }: { of: Explanation; version: number | null }): ReactNode {
  const t = useRuleTexts()
  const said = useSaid()
  const depths = depthsOf(of.nodes)
  return (
    <>
      <p className={of.holds ? 'b' : 'm'}>{said(of.words)}</p>
      <ul className="exp">
        {of.nodes.map((node, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one tree, told apart by their place in it
          <li key={i} style={{ paddingLeft: (depths[i] ?? 0) * 18 }}>
            <span className="row part">
              <Mark node={node} />
              <span>{said(node.words)}</span>
            </span>
          </li>
        ))}
      </ul>
      <p className="xs d2">{version === null ? t('why.draft') : t('why.version', { version })}</p>
    </>
  )
}

function Mark({ node }: { node: Node }): ReactNode {
  const t = useRuleTexts()
  if (node.kind === 'value' || typeof node.value !== 'boolean')
    return <Minus size={13} color="var(--ink3)" role="img" aria-label={t('why.value')} />
  return node.value ? (
    <Check size={13} strokeWidth={2.5} color="var(--green)" role="img" aria-label={t('why.yes')} />
  ) : (
    <X size={13} strokeWidth={2.5} color="var(--ink3)" role="img" aria-label={t('why.no')} />
  )
}
