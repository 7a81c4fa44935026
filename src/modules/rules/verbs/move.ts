import type { Instant } from '../../../kernel/instant.ts'
import type { Database, Sql } from '../../../platform/database.ts'
import { type Change, type Move, type MoveTo, type Standing, turnAt, turnsOf, waitingAt } from '../core-life.ts'
import { addChange, readChanges, readVersions } from '../store.ts'
import { ChangeRace, inRace } from './ship.ts'

/** Why a change of rules was not made; codes are stable and stand in the catalogue of problems. */
export class RuleRefused extends Error {
  readonly code:
    | 'rule_not_found'
    | 'rule_version_not_found'
    | 'rule_change_waits'
    | 'rule_stands_already'
    | 'rule_too_soon'
  constructor(code: RuleRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

export interface MoveAsked {
  readonly moves: readonly Move[]
  readonly by: string
  readonly reason: string
  readonly at: Instant
  readonly activeFrom: Instant
}

/**
 * Moves versions to another stage from an instant on: one change, one fact.
 * @throws RuleRefused
 */
export function moveRules(db: Database, asked: MoveAsked): Promise<Change> {
  return inRace(db, tx => move(tx, asked))
}

async function move(tx: Sql, { moves, by, reason, at, activeFrom }: MoveAsked): Promise<Change> {
  const { changes, versions } = await readChanges(tx)
  const known = new Set([...versions, ...(await readVersions(tx))].map(v => `${v.rule}@${v.version}`))
  const turns = turnsOf(changes)
  const now = turnAt(turns, at)?.standings ?? new Map<string, Standing>()
  const ahead = waitingAt(changes, at)
  for (const { rule, version, to } of moves) {
    if (!known.has(`${rule}@${version}`))
      throw new RuleRefused('rule_version_not_found', `There is no version ${version} of ${rule}.`)
    const waiting = ahead.find(c => c.moves.some(m => m.rule === rule))
    if (waiting)
      throw new RuleRefused(
        'rule_change_waits',
        `Change ${waiting.n} of ${rule} waits for its time: cancel it first, or wait until it is in force.`,
      )
    if (standsAs(now.get(rule), version, to))
      throw new RuleRefused('rule_stands_already', `Version ${version} of ${rule} is ${to} already.`)
  }
  const change: Change = { n: changes.length + 1, activeFrom, by, reason, at, moves }
  if (!(await addChange(tx, change))) throw new ChangeRace(`change ${change.n} was made by another process`)
  return change
}

function standsAs(standing: Standing | undefined, version: number, to: MoveTo): boolean {
  if (to === 'live') return standing?.live === version
  if (to === 'shadow') return standing?.shadow === version
  return standing?.live !== version && standing?.shadow !== version
}

/**
 * Takes back a change that is not in force yet, by one that counts at the same instant and leaves its rules as they are.
 * @throws RuleRefused
 */
export function cancelChange(
  db: Database,
  asked: { readonly n: number; readonly by: string; readonly reason: string; readonly at: Instant },
): Promise<Change> {
  return inRace(db, async tx => {
    const { changes } = await readChanges(tx)
    const change = changes.find(c => c.n === asked.n && c.undoes === undefined)
    if (change === undefined) throw new RuleRefused('rule_not_found', `There is no change ${asked.n}.`)
    if (change.activeFrom <= asked.at)
      throw new RuleRefused('rule_too_soon', `Change ${asked.n} is in force: make another change instead.`)
    const without = turnsOf(changes.filter(c => c.n !== change.n))
    const standings = turnAt(without, change.activeFrom)?.standings ?? new Map<string, Standing>()
    const moves = change.moves.flatMap(m => movesTo(m, standings.get(m.rule)))
    const { by, reason, at } = asked
    const undo = { n: changes.length + 1, activeFrom: change.activeFrom, by, reason, at, moves, undoes: change.n }
    if (!(await addChange(tx, undo))) throw new ChangeRace(`change ${undo.n} was made by another process`)
    return undo
  })
}

/** Leaves a rule as it stands without a move, after that move. */
function movesTo({ rule, version }: Move, standing: Standing | undefined): Move[] {
  const moves: Move[] = [{ rule, version, to: 'draft' }]
  if (standing?.live != null) moves.push({ rule, version: standing.live, to: 'live' })
  if (standing?.shadow != null) moves.push({ rule, version: standing.shadow, to: 'shadow' })
  return moves
}
