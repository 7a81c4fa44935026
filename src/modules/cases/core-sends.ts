import type { NewFact, Send, StreamView } from '../../contract/stream.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { countIn, textIn } from './core-body.ts'

/**
 * Outgoing webhooks for what others wait for: that a case opened, re-opened or is over. Nothing goes out for imported
 * history, nor when nobody listens. What people wrote stays here: it may name a person.
 */
export function sendsOf(view: StreamView, facts: readonly NewFact[]): Send[] {
  if (view.historical || view.refs.webhooks !== true) return []
  return facts.filter(isNews).map(({ type, body }) => ({
    channel: 'webhook',
    // A case opens and ends once between two re-openings, so this names the occasion; a retry repeats it.
    key: `${type}/${textIn(body, 'case')}/${countIn(body, 'times', 0)}`,
    type,
    body: { stream: view.stream, ...told(body) },
  }))
}

// A case that is cleared but stays with its owner is not over.
const isNews = ({ type, body }: NewFact): boolean =>
  type === 'case.opened' ||
  type === 'case.reopened' ||
  type === 'case.closed' ||
  (type === 'case.cleared' && textIn(body, 'status') === 'cleared')

const TOLD = [
  'case',
  'type',
  'scope',
  'severity',
  'rule',
  'version',
  'at',
  'evidence',
  'cause',
  'times',
  'reopenedFrom',
]

const told = (body: JsonObject): JsonObject =>
  Object.fromEntries(TOLD.filter(key => body[key] !== undefined).map(key => [key, body[key]]))
