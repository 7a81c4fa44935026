import { appendFileSync, readFileSync } from 'node:fs'
import type { Anchor } from '../../contract/anchor.ts'
import { knownLinks, readAnchors, takeAnchor } from '../../pipeline/anchor.ts'
import { sealAudit } from '../../pipeline/audit-sealer.ts'
import { verifyLedger } from '../../pipeline/verify.ts'
import { verifyAudit } from '../../pipeline/verify-audit.ts'
import type { Tampering } from '../../pipeline/verify-chain.ts'
import { systemClock } from '../../platform/clock.ts'
import { messageOf } from '../../platform/error.ts'
import type { Sealer } from '../../platform/seal.ts'
import type { World } from '../world.ts'
import { textFlag } from './flags.ts'
import { oftenEnough } from './often.ts'
import { countText } from './pace.ts'
import { UsageError } from './usage-error.ts'
import { type Call, DATA_FLAGS, type Ending, type Verb } from './verb.ts'
import { inWorld } from './world-verbs.ts'

export const verifyLedgerVerb: Verb = {
  name: 'verify-ledger',
  summary: 'prove that nothing in the ledger and the audit trail was changed',
  about: [
    'Computes the hash chains of the ledger and of the audit trail again over the stored rows. Reads only, and may run',
    'beside `andon start`. Exit code 1 when anything was changed, removed, added or reordered; each place is named.',
    'With --anchor it also finds a chain that was written anew as a whole, and an end that was cut off.',
  ],
  flags: {
    ...DATA_FLAGS,
    anchor: { kind: 'text', value: 'file', help: 'anchors that were kept outside, as `andon anchor` wrote them' },
  },
  run: call => inWorld(call, { mayAttach: true }, world => verify(call, world)),
}

async function verify({ flags, terminal, stop }: Call, { db, sealer }: World): Promise<Ending> {
  const anchors = anchorsOf(textFlag(flags, 'anchor'), sealer)
  const say = oftenEnough(terminal)
  const ledger = await verifyLedger(db, sealer, {
    known: group => knownLinks(anchors, 'ledger', group),
    progress: (seen, group) => {
      stop.throwIfAborted()
      say(() => `Verifying: group ${group + 1}, ${countText(seen)} rows`)
    },
  })
  const audit = await verifyAudit(db, sealer, knownLinks(anchors, 'audit', null))
  const problems = [...ledger.problems, ...audit.problems]
  for (const problem of problems) terminal.line(placeOf(problem))
  const verdict = problems.length === 0 ? 'the chains hold' : `${countText(problems.length)} places were tampered with`
  const against = anchors.length === 0 ? '' : `, against ${countText(anchors.length)} anchors`
  terminal.line(
    `${countText(ledger.rows)} ledger rows in ${countText(ledger.links)} links of ${ledger.groups} groups, ` +
      `${countText(audit.rows)} audit rows in ${countText(audit.links)} links${against}: ${verdict}.`,
  )
  const { groups, links, rows } = ledger
  const auditCounts = { links: audit.links, rows: audit.rows, waiting: audit.waiting }
  return {
    ok: problems.length === 0,
    counts: { groups, links, rows, audit: auditCounts, anchors: anchors.length, problems },
  }
}

function placeOf({ chain, group, n, pos, what }: Tampering): string {
  const where = chain === 'audit' ? 'audit' : `group ${group}`
  const link = n === null ? '' : `, link ${n}`
  const row = pos === null ? '' : `, position ${pos}`
  return `${where}${link}${row}: ${what}`
}

/** @throws UsageError for a file that holds no anchors of this world: it proves nothing */
function anchorsOf(path: string | undefined, sealer: Sealer): readonly Anchor[] {
  if (path === undefined) return []
  const read = readAnchors(textOf(path), sealer)
  if ('wrong' in read) throw new UsageError(`${path} cannot be used: ${read.wrong}.`)
  return read.anchors
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}.`)
  }
}

export const anchorVerb: Verb = {
  name: 'anchor',
  summary: 'print the newest link of every chain, signed, to be kept outside',
  about: [
    'Prints one line of JSON: an anchor. Keep it where who runs Andon cannot change it, once a day; `andon verify-ledger',
    '--anchor <file>` then proves that what was written by that time still stands. May run beside `andon start`.',
  ],
  flags: {
    ...DATA_FLAGS,
    out: { kind: 'text', value: 'file', help: 'append the line to this file instead of printing it' },
  },
  run: call => inWorld(call, { mayAttach: true }, world => anchor(call, world)),
}

async function anchor({ flags, terminal }: Call, { db, sealer }: World): Promise<Ending> {
  const now = (): number => systemClock.now()
  await sealAudit(db, sealer, now)
  const taken = await takeAnchor(db, sealer, now())
  const path = textFlag(flags, 'out')
  if (path === undefined) terminal.line(JSON.stringify(taken))
  else {
    appendFileSync(path, `${JSON.stringify(taken)}\n`)
    terminal.line(`The newest links of ${taken.links.length} chains: ${path}`)
  }
  return { ok: true, counts: { at: taken.at, chains: taken.links.length } }
}
