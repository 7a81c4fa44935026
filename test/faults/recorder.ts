import { writeSync } from 'node:fs'
import { Pipeline } from '../../src/pipeline/pipeline.ts'

/**
 * Loaded into the process under test before Andon itself: tells the test, on file descriptor 3, which mailbox rows
 * every `ingest` that came back had acknowledged. Written at once, so that a kill -9 in the next moment loses nothing.
 */
const ingest = Pipeline.prototype.ingest
Pipeline.prototype.ingest = async function recorded(events) {
  const receipts = await ingest.call(this, events)
  writeSync(3, `${JSON.stringify(receipts.flatMap(r => (r.row === null ? [] : [r.row])))}\n`)
  return receipts
}
