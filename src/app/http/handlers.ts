import type { HttpDeps } from './deps.ts'
import { eventHandlers } from './handlers/events.ts'
import { orderHandlers } from './handlers/order.ts'
import { orderListHandlers } from './handlers/orders.ts'
import type { Handlers } from './serve.ts'

/** The whole API: a handler for each route of the contract. */
export const handlersOf = (deps: HttpDeps): Handlers => ({
  ...eventHandlers(deps),
  ...orderListHandlers(deps),
  ...orderHandlers(deps),
})
