import { parseArgs } from 'node:util'
import { Andon, AndonRefused } from './andon.ts'
import { Shop } from './shop.ts'

/** The practice shop: `node examples/practice-shop/main.ts --url http://127.0.0.1:4680 --memory shop.json`. */

const { values } = parseArgs({ options: { url: { type: 'string' }, memory: { type: 'string' } } })
if (values.url === undefined || values.memory === undefined) {
  console.error('Name the address of Andon with --url and a file for the shop to remember in with --memory.')
  process.exit(2)
}

const stopping = new AbortController()
const stop = (): void => stopping.abort()
process.on('SIGTERM', stop)
// Ctrl-C goes to every process of the terminal; Andon tells us when it is done with us.
process.on('SIGINT', () => {
  if (process.channel === undefined) stop()
})
process.on('disconnect', stop)
process.channel?.unref()

const andon = new Andon({ url: values.url, key: process.env.ANDON_API_KEY, signal: stopping.signal })
const shop = await Shop.open(andon, values.memory)
let failures = 0
while (!stopping.signal.aborted) {
  try {
    await shop.round()
    failures = 0
  } catch (error) {
    if (stopping.signal.aborted) break
    // A server that is busy or away is asked again; what it refuses for another reason is a bug of ours.
    const busy = !(error instanceof AndonRefused) || error.refused.status === 429 || error.refused.status >= 500
    if (!busy || ++failures > 30) throw error
    await new Promise(resolve => setTimeout(resolve, Math.min(5000, 200 * failures)))
  }
}
shop.remember()
process.exit()
