import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

export interface ProfileEntry {
  readonly name: string
  /** Share of the busy time, percent. */
  readonly self: number
  readonly total: number
}

export interface ProfileSummary {
  readonly busyMs: number
  readonly functions: readonly ProfileEntry[]
  readonly files: readonly ProfileEntry[]
  /** Self time of natives and of Node's own code counted for the nearest caller that is ours or a package's. */
  readonly owners: readonly ProfileEntry[]
}

const ROOT = join(import.meta.dirname, '../..')
const ASLEEP = new Set(['(idle)', '(root)'])

/** Where the main thread of a process spent its time. */
export function summarize(profile: CpuProfile, most = 40): ProfileSummary {
  const nodes = new Map(profile.nodes.map(n => [n.id, n]))
  const owners = ownersOf(profile.nodes)
  const self = new Map<number, number>()
  profile.samples.forEach((id, i) => {
    if (!ASLEEP.has(nodes.get(id)!.callFrame.functionName))
      self.set(id, (self.get(id) ?? 0) + (profile.timeDeltas[i] ?? 0))
  })
  const busy = [...self.values()].reduce((sum, us) => sum + us, 0)
  const of = (label: (node: ProfileNode) => string) => entries(profile.nodes, { self, busy, label }).slice(0, most)
  return {
    busyMs: busy / 1000,
    functions: of(functionLabel),
    owners: of(n => owners.get(n.id) ?? ''),
    files: of(n => fileLabel(n.callFrame.url) || n.callFrame.functionName),
  }
}

const NOBODY = 'Node itself'

function ownersOf(nodes: readonly ProfileNode[]): Map<number, string> {
  const byId = new Map(nodes.map(n => [n.id, n]))
  const owners = new Map<number, string>()
  const walk = (node: ProfileNode, above: string): void => {
    const { url } = node.callFrame
    const owner = url.startsWith('file:') ? fileLabel(url) : above
    owners.set(node.id, owner)
    for (const id of node.children ?? []) walk(byId.get(id)!, owner)
  }
  if (nodes[0]) walk(nodes[0], NOBODY)
  return owners
}

function entries(
  nodes: readonly ProfileNode[],
  given: { self: ReadonlyMap<number, number>; busy: number; label: (node: ProfileNode) => string },
): ProfileEntry[] {
  const { self, busy, label } = given
  const byId = new Map(nodes.map(n => [n.id, n]))
  const sums = new Map<string, { self: number; total: number }>()
  // A name counts once per path in `total`, however often it stands in it.
  const walk = (node: ProfileNode, above: ReadonlySet<string>): number => {
    const name = label(node)
    const below = new Set(above).add(name)
    const own = self.get(node.id) ?? 0
    const total = (node.children ?? []).reduce((sum, id) => sum + walk(byId.get(id)!, below), own)
    const entry = sums.get(name) ?? { self: 0, total: 0 }
    sums.set(name, { self: entry.self + own, total: entry.total + (above.has(name) ? 0 : total) })
    return total
  }
  const root = nodes[0]
  if (root) walk(root, new Set())
  const percent = (us: number) => Math.round((us / busy) * 1000) / 10
  return [...sums]
    .map(([name, e]) => ({ name, self: percent(e.self), total: percent(e.total) }))
    .sort((a, b) => b.self - a.self)
}

const functionLabel = ({ callFrame }: ProfileNode): string =>
  `${callFrame.functionName || '(anonymous)'} ${fileLabel(callFrame.url)}${callFrame.url ? `:${callFrame.lineNumber + 1}` : ''}`.trim()

function fileLabel(url: string): string {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url
  return path.replace(`${ROOT}/`, '').replace(/^.*node_modules\//, '')
}
