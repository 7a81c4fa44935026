import { startPostgres } from '../../src/platform/postgres/index.ts'

/** A process that does nothing but hold a database: `holder.ts <data dir>`. Tests kill it. */
const [dataDir = ''] = process.argv.slice(2)
const server = await startPostgres({ dataDir, unsafeNoFsync: true })
process.stdout.write(`${JSON.stringify({ pid: server.pid })}\n`)
process.on('SIGTERM', () => void server.stop())
