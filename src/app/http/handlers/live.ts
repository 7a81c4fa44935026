import { LIVE_TOPICS } from '../../../contract/api/index.ts'
import type { LiveHub } from '../live-hub.ts'
import type { Handlers } from '../serve.ts'

export const liveHandlers = (hub: LiveHub): Pick<Handlers, 'live'> => ({
  async live({ query, headers }, { principal, actor, still }) {
    const topics = new Set(query.topics ?? LIVE_TOPICS)
    const client = await hub.open({ principal, actor, topics, still }, headers['last-event-id'])
    // Nothing between us and the browser may keep events back to send them together.
    return { status: 200, body: client.stream, headers: { 'x-accel-buffering': 'no' } }
  },
})
