import { codeOf, messageOf } from '../../platform/error.ts'
import { logLevel } from '../config.ts'
import { keyVerb, signInLinkVerb } from './access-verbs.ts'
import { backupKeyVerb, backupVerb } from './backup.ts'
import { doctor } from './doctor.ts'
import { exportVerb } from './export.ts'
import { readFlags, switchFlag } from './flags.ts'
import { helpOf, overview } from './help.ts'
import { importVerb } from './import.ts'
import { moveVerb } from './move.ts'
import { packsVerb } from './packs.ts'
import { anchorVerb, verifyLedgerVerb } from './proof-verbs.ts'
import { replay } from './replay.ts'
import { restoreVerb } from './restore.ts'
import { start } from './start.ts'
import { openTerminal, type Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import type { Verb } from './verb.ts'
import { rebuildVerb } from './world-verbs.ts'

export const VERBS: readonly Verb[] = [
  ...[start, importVerb, replay, exportVerb, rebuildVerb, signInLinkVerb, keyVerb],
  packsVerb,
  ...[verifyLedgerVerb, anchorVerb, doctor],
  backupVerb,
  backupKeyVerb,
  restoreVerb,
  moveVerb,
]

/** Runs one verb; returns the exit code: 0 when all is well, 1 when not, 2 for a command line that cannot be used. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  const terminal = openTerminal(logLevel(process.stderr.isTTY ? 'warn' : 'info'))
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    terminal.line(overview(VERBS))
    return name === undefined ? 2 : 0
  }
  const verb = VERBS.find(v => v.name === name)
  if (verb === undefined) {
    terminal.warn(`There is no verb ${JSON.stringify(name)}: choose from ${VERBS.map(v => v.name).join(', ')}.`)
    return 2
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.line(helpOf(verb))
    return 0
  }
  return runVerb(verb, rest, terminal)
}

async function runVerb(verb: Verb, args: readonly string[], terminal: Terminal): Promise<number> {
  const stopping = stopSignal(terminal)
  let json = args.includes('--json')
  try {
    const flags = readFlags(args, verb.flags)
    json = switchFlag(flags, 'json')
    const [word] = flags.words
    if (verb.words === undefined && word !== undefined)
      throw new UsageError(`andon ${verb.name} takes no ${JSON.stringify(word)}: see --help for what there is.`)
    const { ok, counts } = await verb.run({ verb: verb.name, flags, terminal, stop: stopping })
    terminal.settle()
    if (json) terminal.line(JSON.stringify({ verb: verb.name, ok, ...counts }))
    return ok ? 0 : 1
  } catch (error) {
    terminal.settle()
    terminal.warn(sentenceOf(error, stopping))
    if (json) terminal.line(JSON.stringify({ verb: verb.name, ok: false, error: codeOf(error) || 'broken' }))
    return error instanceof UsageError ? 2 : 1
  }
}

/** What went wrong in one sentence when we know it, else everything we know: then it is a bug. */
function sentenceOf(error: unknown, stopping: AbortSignal): string {
  // Streams that are broken off say no more than that; whoever waits should know who did it.
  if (error instanceof Error && error.name === 'AbortError' && stopping.aborted)
    return `Stopped before it was done (${String(stopping.reason)}). Run it again.`
  const path = pathOf(error)
  if (path !== '') return `${path} cannot be used (${codeOf(error)}): choose another, or see whose it is.`
  const known = codeOf(error) !== '' && error instanceof Error && error.constructor !== Error
  return known || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message)
}

/** The path that the system refused us, since somebody named it; empty for any other error. */
const pathOf = (error: unknown): string =>
  error instanceof Error && 'syscall' in error && 'path' in error && typeof error.path === 'string' ? error.path : ''

/** Why a verb was asked to end. */
class Stopped extends Error {
  override readonly name = 'AbortError'
  readonly code = 'ABORT_ERR'

  override toString(): string {
    return this.message
  }
}

/** Ctrl-C and friends, once: finish what is at hand. The second time: at once. */
function stopSignal(terminal: Terminal): AbortSignal {
  const stopping = new AbortController()
  const stop = (why: string): void => {
    if (stopping.signal.aborted) process.exit(130)
    terminal.settle()
    stopping.abort(new Stopped(why))
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop(name))
  // The script that started us is gone, and the terminal with it.
  process.on('disconnect', () => stop('whoever started it is gone'))
  process.channel?.unref()
  return stopping.signal
}
