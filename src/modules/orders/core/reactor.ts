import type {
  Command,
  Fact,
  NewFact,
  PartPut,
  Reaction,
  Reactor,
  Refused,
  StreamView,
  Tick,
} from '../../../contract/stream.ts'
import { NOTHING, refuse } from '../../../contract/stream.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { OrderState } from '../types.ts'
import { NEW_ORDER } from '../types.ts'
import { compactLine } from './basket.ts'
import { bodyAs } from './draft.ts'
import { evolve } from './evolve.ts'

const SLICE = 'orders'
const MAX_NOTE = 4000

/** The orders room's slice of a stream; the pipeline puts it there, so it is what `ordersReactor` folded. */
export const orderStateOf = (view: StreamView): OrderState =>
  (view.slices[SLICE] as OrderState | undefined) ?? NEW_ORDER

/** Folds an order's facts; adds a note by command, and keeps the lines beyond the state's as parts. */
export const ordersReactor: Reactor<OrderState> = {
  slice: SLICE,
  shape: 3,
  initial: NEW_ORDER,
  on: ['order.placed', 'order.edited'],
  adds: ['order.note_added'],
  commands: ['order.note'],
  evolve,
  react,
  handle,
}

function react(view: StreamView, fact: Fact | Tick): Reaction {
  if (fact.type === 'tick' || !('body' in fact)) return NOTHING
  const { basket, lines } = orderStateOf(view)
  if (basket?.parts === undefined) return NOTHING
  const given = bodyAs(fact, 'order.edited').lines
  // A late message whose lines the fold passed over must not write parts either.
  if (given === undefined || basket.at !== fact.occurredAt || basket.lines !== given.length) return NOTHING
  const parts: PartPut[] = []
  for (let i = basket.parts.from; i < basket.parts.to; i++) {
    const line = i < lines.length ? undefined : given[i]
    parts.push({ kind: 'line', part: partOf(i), body: line ? { ...compactLine(line) } : null })
  }
  return { parts }
}

/** Lines are parts under their number from 1, padded so that they sort. */
const partOf = (index: number): string => String(index + 1).padStart(5, '0')

function handle(view: StreamView, command: Command): Reaction | Refused {
  if (command.type !== 'order.note') return refuse('command_unknown')
  const { text } = command.body
  if (typeof text !== 'string' || text.trim() === '') return refuse('note_empty')
  if (text.length > MAX_NOTE) return refuse('note_too_long', { max: MAX_NOTE })
  if (!text.isWellFormed() || text.includes('\u0000')) return refuse('note_not_text')
  return {
    facts: [
      {
        type: 'order.note_added',
        body: { ref: refOf(orderStateOf(view)), text },
        actor: command.actor,
      } satisfies NewFact,
    ],
  }
}

const refOf = ({ channel, orderNo }: OrderState): JsonObject => ({
  ...(channel !== undefined && { channel }),
  ...(orderNo !== undefined && { orderNo }),
})
