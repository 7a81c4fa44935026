import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { run } from './run.ts'

/** True when a process with this id exists, whoever owns it; a zombie counts. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone, or not ours: the caller waits for the process to leave and reports when it does not.
  }
}

/**
 * The PostgreSQL processes (postmaster and backends) whose data directory is `cluster`, a real path.
 * Every one of them works in that directory, so its working directory tells, and a reused pid is never taken for one.
 */
export function postgresProcessesOf(cluster: string, pidFromFile: number | null): number[] {
  if (process.platform === 'linux') return fromProc(cluster)
  return pidFromFile !== null && exists(pidFromFile) && commandLine(pidFromFile).includes(cluster) ? [pidFromFile] : []
}

function fromProc(cluster: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && worksIn(name, cluster))
    .map(Number)
}

function worksIn(pid: string, cluster: string): boolean {
  try {
    return (
      readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres') && readlinkSync(`/proc/${pid}/cwd`) === cluster
    )
  } catch {
    return false
  }
}

const self = { kind: 'self', uid: -1, gid: -1, name: 'self' } as const
const commandLine = (pid: number): string =>
  run({ account: self, file: 'ps', args: ['-ww', '-o', 'command=', '-p', String(pid)] }).output
