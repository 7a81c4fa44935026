import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { JsonObject } from '../../kernel/json.ts'
import type { JobKind } from '../../pipeline/jobs.ts'
import { prune } from './kept.ts'

const MAIN = join(import.meta.dirname, '..', 'main.ts')

/** What a backup process failed with: its own sentence. */
class BackupFailed extends Error {
  readonly code = 'backup_failed'
}

/** What a server needs to know to make backups by itself. */
export interface BackupPlace {
  readonly dataDir: string
  readonly dir: string
  readonly keep: number
}

/**
 * `andon backup` as a process of its own, beside the server: it compresses and encrypts, which has no place on the event
 * loop. It is told to end by its channel, and ends by itself when we do.
 */
export const backupKind = ({ dataDir, dir, keep }: BackupPlace): JobKind => ({
  async run({ signal, tell, params }): Promise<JsonObject> {
    tell({ done: 0, total: null, unit: 'bytes' })
    const args = [MAIN, 'backup', '--data', dataDir, '--out', dir, '--json']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    const said = { out: '', err: '' }
    child.stdout?.on('data', data => (said.out += data))
    child.stderr?.on('data', data => (said.err += data))
    child.on('message', (progress: { done: number; total: number }) => tell({ ...progress, unit: 'bytes' }))
    const stop = (): void => void child.kill('SIGTERM')
    signal.addEventListener('abort', stop, { once: true })
    const [code] = await once(child, 'close')
    signal.removeEventListener('abort', stop)
    signal.throwIfAborted()
    if (code !== 0) throw new BackupFailed(lastLine(said.err) || `the backup process ended with ${code}`)
    const told: JsonObject = JSON.parse(lastLine(said.out))
    // Those that people asked for stay until people remove them: they had a reason.
    const removed = params.scheduled === true ? prune(dir, keep) : []
    return { path: told.path ?? '', size: told.size ?? 0, seconds: told.seconds ?? 0, removed: removed.length }
  },
})

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? ''
