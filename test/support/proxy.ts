import { createServer, connect as dial, type NetConnectOpts, type Server, type Socket } from 'node:net'
import type { Connection } from '../../src/platform/connection.ts'

/** A bad network between a client and a PostgreSQL server: slow, cut at the worst moment, or silent. */
export interface BadLine {
  /** The same database, through the proxy. */
  readonly connection: Connection
  /** Milliseconds by which every chunk is late, both ways. */
  latency: number
  /** Every n-th answer to a COMMIT is swallowed and its connection cut: committed, and nobody knows. 0: none. */
  loseCommits: number
  /** Every n-th chunk in either direction is swallowed and its connection cut. 0: none. */
  loseChunks: number
  /** Connections that were cut so far, and of these the ones at a COMMIT. */
  readonly cuts: { readonly all: number; readonly atCommit: number }
  /** Cuts all connections now. */
  cut(): void
  /** The connections of now stay open and carry nothing any more; new ones work unless `forNew` is set. */
  swallow(options: { forNew: boolean }): void
  close(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  dead: boolean
}

export async function startProxy(target: Connection): Promise<BadLine> {
  const pairs = new Set<Pair>()
  const counts = { all: 0, atCommit: 0, commits: 0, chunks: 0 }
  let blind = false
  /** Ends of silent connections whose other end is gone. */
  const left = new Set<Socket>()
  const cut = (pair: Pair): void => {
    if (!pairs.delete(pair)) return
    counts.all++
    pair.client.resetAndDestroy()
    pair.server.destroy()
  }
  const isLost = (chunk: Buffer, fromServer: boolean): boolean => {
    counts.chunks++
    if (proxy.loseChunks > 0 && counts.chunks % proxy.loseChunks === 0) return true
    if (!fromServer || proxy.loseCommits === 0 || !chunk.includes('COMMIT\0')) return false
    counts.commits++
    const lost = counts.commits % proxy.loseCommits === 0
    if (lost) counts.atCommit++
    return lost
  }
  const forward = (pair: Pair, from: Socket, to: Socket): void => {
    from.on('data', chunk => {
      if (pair.dead) return
      if (isLost(chunk, from === pair.server)) return cut(pair)
      // Timers of one length fire in the order in which they were set, so chunks do not overtake each other.
      if (proxy.latency === 0) to.write(chunk)
      else setTimeout(() => to.writable && to.write(chunk), proxy.latency)
    })
    from.on('error', () => {})
    from.on('close', () => {
      if (!pairs.delete(pair)) return
      if (pair.dead) left.add(to)
      else to.destroySoon()
    })
  }
  const door = createServer(client => {
    const pair = { client, server: dial(addressOf(target)), dead: blind }
    pairs.add(pair)
    forward(pair, client, pair.server)
    forward(pair, pair.server, client)
  })
  const port = await listening(door)
  // A test that failed before it closed this must not keep its process from ending.
  door.unref()
  const proxy: BadLine = {
    connection: { ...target, host: '127.0.0.1', port },
    latency: 0,
    loseCommits: 0,
    loseChunks: 0,
    cuts: counts,
    cut: () => {
      for (const pair of [...pairs]) cut(pair)
    },
    swallow: ({ forNew }) => {
      blind = forNew
      for (const pair of pairs) pair.dead = true
    },
    close: () => {
      for (const pair of [...pairs]) cut(pair)
      for (const socket of left) socket.destroy()
      return new Promise(resolve => door.close(() => resolve()))
    },
  }
  return proxy
}

const addressOf = ({ host, port }: Connection): NetConnectOpts =>
  host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }

const listening = (door: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    door.once('error', reject)
    door.listen(0, '127.0.0.1', () => {
      const at = door.address()
      resolve(typeof at === 'object' && at !== null ? at.port : 0)
    })
  })
