import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, renameSync, statSync } from 'node:fs'
import type { Account } from './run.ts'
import { CLEAN_ENV, commandAs } from './run.ts'

/**
 * Runs the server below a small shell that waits on a pipe which this process holds open. When this process dies in any
 * way, kill -9 included, the pipe closes and the shell sends SIGINT: no orphan keeps the data directory.
 * `trap` and `detached` keep a Ctrl-C in the terminal away from the server, so that we can drain first.
 */
const WATCHDOG = `"$@" </dev/null 3<&- & pg=$!
trap "" INT TERM HUP
{ cat >/dev/null; kill -INT $pg; } <&3 3<&- >/dev/null 2>&1 & dog=$!
exec 3<&-
wait $pg; code=$?
kill -KILL $dog 2>/dev/null
exit $code`

export function spawnWatched(call: {
  account: Account
  file: string
  args: readonly string[]
  log: string
}): ChildProcess {
  const { file, args, ...ids } = commandAs(call.account, '/bin/sh', ['-c', WATCHDOG, 'sh', call.file, ...call.args])
  const log = openLog(call.log)
  try {
    return spawn(file, [...args], {
      ...ids,
      cwd: '/',
      env: CLEAN_ENV,
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
    })
  } finally {
    closeSync(log)
  }
}

const LONGEST_LOG = 10 * 1024 * 1024

/** Opened by us and inherited, so the server needs no right to the directory. One older file is kept. */
function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > LONGEST_LOG) renameSync(path, `${path}.1`)
  return openSync(path, 'a', 0o600)
}
