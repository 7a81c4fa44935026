import { spawnSync } from 'node:child_process'

/**
 * As whom PostgreSQL runs. It refuses to run as root, so root lends it another account:
 * `switch` changes to it, `map` shows root's own files to the server as that account's inside a user namespace.
 */
export interface Account {
  readonly kind: 'self' | 'switch' | 'map'
  readonly uid: number
  readonly gid: number
  readonly name: string
}

/** Everything a server process inherits; nothing else, so that no PG* or LD_* variable of the caller leaks in. */
export const CLEAN_ENV = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' } as const

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly uid?: number
  readonly gid?: number
}

/** The command that runs `file` as `account`. */
export function commandAs(account: Account, file: string, args: readonly string[]): Command {
  switch (account.kind) {
    case 'self':
      return { file, args }
    case 'switch':
      return { file, args, uid: account.uid, gid: account.gid }
    case 'map': {
      const map = ['--user', `--map-user=${account.uid}`, `--map-group=${account.gid}`]
      return { file: 'unshare', args: [...map, file, ...args] }
    }
  }
}

export interface RunResult {
  /** Exit code; -1 when the program could not be started or was killed. */
  readonly code: number
  readonly output: string
}

/** Runs a short program to its end as `account`, in `/` because the account may not be able to enter our directory. */
export function run(call: { account: Account; file: string; args: readonly string[]; timeout?: number }): RunResult {
  const { file, args, ...ids } = commandAs(call.account, call.file, call.args)
  const result = spawnSync(file, [...args], {
    ...ids,
    cwd: '/',
    env: CLEAN_ENV,
    encoding: 'utf8',
    timeout: call.timeout ?? 10_000,
    windowsHide: true,
  })
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ? String(result.error.message) : ''}`
  return { code: result.status ?? -1, output: output.trim() }
}
