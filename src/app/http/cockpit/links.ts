import type { RowsLink } from '../../../contract/api/index.ts'
import { type Instant, isoOf } from '../../../kernel/instant.ts'
import { instantOf, type Slot } from './time.ts'

/** Makes the links of one cockpit: each also has the channels that it is narrowed to. */
export class Links {
  private readonly base: Readonly<Record<string, string>>

  constructor(channels: readonly string[] | undefined) {
    this.base = channels ? { channel: channels.join(',') } : {}
  }

  cases(query: Readonly<Record<string, string>>): RowsLink {
    return { list: 'cases', query: { ...query, ...this.base } }
  }

  orders(query: Readonly<Record<string, string>>): RowsLink {
    return { list: 'orders', query: { ...query, ...this.base } }
  }
}

/** Parameters of a range of hours, such as `openedFrom` and `openedTo`. */
export const during = (name: string, { from, to }: Slot): Record<string, string> => ({
  [`${name}From`]: isoOf(instantOf(from)),
  [`${name}To`]: isoOf(instantOf(to)),
})

export const before = (name: string, at: Instant): Record<string, string> => ({ [`${name}To`]: isoOf(at) })
