import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEvent } from '../../contract/events/index.ts'
import { type ChannelEvent, type OlistFolder, openOlist } from '../../modules/channels/index.ts'
import type { Incoming } from '../../pipeline/ingress.ts'
import type { Flags } from './flags.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export interface Folder extends OlistFolder {
  readonly dir: string
  /** Names and contents of its files: the same folder is the same job. */
  readonly fingerprint: string
}

/** Opens the folder of `import olist <dir>` and `replay olist <dir>`. @throws UsageError, ChannelError */
export async function folderOf(verb: string, { words }: Flags, terminal: Terminal): Promise<Folder> {
  const [kind, given, ...rest] = words
  if (kind !== 'olist' || given === undefined || rest.length > 0)
    throw new UsageError(`Name a folder: andon ${verb} olist <dir>.`)
  const dir = resolve(given)
  terminal.progress(`Reading ${dir}`)
  const folder = await openOlist(dir)
  return { ...folder, dir, fingerprint: fingerprintOf(dir) }
}

function fingerprintOf(dir: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(dir)
    .filter(n => /\.csv(\.gz)?$/.test(n))
    .sort())
    hash.update(`${name}\0`).update(
      createHash('sha256')
        .update(readFileSync(join(dir, name)))
        .digest(),
    )
  return hash.digest('hex').slice(0, 16)
}

/** An event that our own mapper made and our own door refuses: a bug, reported like a row. */
export interface RefusedEvent {
  readonly event: ChannelEvent
  readonly reason: string
}

/** Events as the door would let them in. */
export function incomingOf(
  events: readonly ChannelEvent[],
  more: (event: ChannelEvent) => Pick<Incoming, 'knownAt' | 'arrivesAt'>,
): { incoming: Incoming[]; refused: RefusedEvent[] } {
  const incoming: Incoming[] = []
  const refused: RefusedEvent[] = []
  for (const event of events) {
    const parsed = parseEvent(event.event, { now: event.occurredAt })
    if (parsed.ok) incoming.push({ ...parsed.event, ...more(event) })
    else refused.push({ event, reason: parsed.problems.map(p => `${p.pointer} ${p.message}`).join('; ') })
  }
  return { incoming, refused }
}
