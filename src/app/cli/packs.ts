import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { CalendarDef } from '../../kernel/business-time.ts'
import { orderFactSchema } from '../../modules/orders/index.ts'
import {
  bodyOf,
  calendarsOf,
  compileBook,
  type Difference,
  defOf,
  differencesOf,
  failedExamples,
  hashOf,
  lintRules,
  loadCalendars,
  loadPacks,
  type Pack,
  packText,
  parsePack,
  type RuleDef,
  readChanges,
  readVersions,
  saveDraft,
  turnAt,
  turnsOf,
} from '../../modules/rules/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { PACKS, shipped } from '../compose.ts'
import type { World } from '../world.ts'
import { textFlag } from './flags.ts'
import { UsageError } from './usage-error.ts'
import { type Call, DATA_FLAGS, type Ending, type Verb } from './verb.ts'
import { inWorld } from './world-verbs.ts'

const ACTOR = 'system:cli'

export const packsVerb: Verb = {
  name: 'packs',
  summary: 'test, export, import and compare packs of rules',
  words: 'test [dir] | export <pack> | import <file> | diff <file>',
  about: [
    'test     runs the examples of every rule of a folder (default: the packs that ship) and the linter; needs no database.',
    'export   writes the rules of a pack as they stand here (`own`: those that people made) to a file, or to the screen.',
    'import   saves what differs as drafts; nothing runs before somebody moves it to shadow or live.',
    'diff     says what differs between a file and what stands here. Exit code 1 when anything does.',
  ],
  flags: { ...DATA_FLAGS, out: { kind: 'text', value: 'file', help: 'where export writes (default: the screen)' } },
  async run(call) {
    const [verb, word] = call.flags.words
    if (verb === 'test') return testPacks(call, word)
    if (word === undefined)
      throw new UsageError('Say which: andon packs test | export <pack> | import <file> | diff <file>.')
    if (verb === 'export') return inWorld(call, { mayAttach: true }, world => exportPack(call, world, word))
    if (verb === 'import') return inWorld(call, { mayAttach: true }, world => importPack(call, world, word))
    if (verb === 'diff') return inWorld(call, { mayAttach: true }, world => diffPack(call, world, word))
    throw new UsageError(`There is no andon packs ${verb}: choose test, export, import or diff.`)
  },
}

/** @throws PacksRefused, RulesRefused with every problem */
async function testPacks({ terminal }: Call, dir = PACKS): Promise<Ending> {
  const packs = await loadPacks(resolve(dir))
  const own = await calendarsBeside(resolve(dir))
  const rules = packs.flatMap(pack => pack.rules)
  compileBook(rules, orderFactSchema, { calendars: own })
  const failed = rules.flatMap(rule => {
    const wrong = failedExamples(rule, orderFactSchema, { calendars: own })
    const lacking = [true, false].filter(holds => !rule.examples.some(e => e.holds === holds))
    if (wrong.length > 0)
      terminal.line(`${rule.id}: example ${wrong.map(n => n + 1).join(', ')} does not come out as it says`)
    if (lacking.length > 0)
      terminal.line(`${rule.id}: no example that ${lacking.map(h => (h ? 'holds' : 'does not hold')).join(' or ')}`)
    return wrong.length + lacking.length > 0 ? [rule.id] : []
  })
  const found = lintRules({ rules, schema: orderFactSchema, calendars: calendarsOf(own) }).filter(
    f => f.level !== 'note',
  )
  for (const { level, rules: about, message } of found) terminal.line(`${level}: ${about.join(', ')}: ${message.en}`)
  const examples = rules.reduce((sum, rule) => sum + rule.examples.length, 0)
  const ok = failed.length === 0 && !found.some(f => f.level === 'error')
  terminal.line(
    `${packs.length} packs, ${rules.length} rules, ${examples} examples: ${ok ? 'all is well' : `${failed.length} rules fail`}.`,
  )
  return { ok, counts: { packs: packs.length, rules: rules.length, examples, failed, findings: found.length } }
}

/**
 * The calendars in `calendars/` of a folder of packs; those that ship where it has none.
 * @throws CalendarsRefused
 */
async function calendarsBeside(dir: string): Promise<readonly CalendarDef[]> {
  const own = join(dir, 'calendars')
  return existsSync(own) ? loadCalendars(own) : (await shipped()).calendars
}

/** The rules that stand here, live or in shadow, with the pack they came with (`own` for those of people). */
async function standing({ db }: World): Promise<RuleDef[]> {
  const { changes, versions: old } = await readChanges(db)
  const versions = [...old, ...(await readVersions(db))]
  const standings = turnAt(turnsOf(changes), systemClock.now())?.standings ?? new Map()
  return [...standings].flatMap(([rule, { live, shadow }]) => {
    const version = versions.find(v => v.rule === rule && v.version === (live ?? shadow))
    const brought = versions.findLast(v => v.rule === rule && v.pack !== null)?.pack ?? 'own'
    return version ? [{ ...defOf(version, live === null ? 'shadow' : 'live'), pack: brought }] : []
  })
}

async function exportPack({ flags, terminal }: Call, world: World, pack: string): Promise<Ending> {
  const all = await standing(world)
  const rules = all.filter(rule => rule.pack === pack)
  if (rules.length === 0) {
    const packs = [...new Set(all.map(rule => rule.pack))].join(', ')
    throw new UsageError(`No rule of a pack ${pack} stands here: there are ${packs || 'none'}.`)
  }
  const text = packText(pack, rules)
  const out = textFlag(flags, 'out')
  if (out === undefined) terminal.line(text)
  else writeFileSync(resolve(out), text)
  return { ok: true, counts: { pack, rules: rules.length, ...(out !== undefined && { file: resolve(out) }) } }
}

interface RuleDifference {
  readonly rule: string
  readonly what: 'added' | 'changed' | 'same' | 'only here'
  readonly differences: readonly Difference[]
}

const packIn = (file: string): Pack => {
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`)
  const parsed = parsePack(readFileSync(resolve(file), 'utf8'))
  if (parsed.ok) return parsed.pack
  throw new UsageError(parsed.problems.map(p => `${file}:${p.line} ${p.path}: ${p.message}`).join('\n'))
}

async function compared(world: World, { id, rules }: Pack): Promise<RuleDifference[]> {
  const here = await standing(world)
  const told = rules.map((rule): RuleDifference => {
    const known = here.find(r => r.id === rule.id)
    if (known === undefined) return { rule: rule.id, what: 'added', differences: [] }
    // Where it came from is not what it says.
    const differences = differencesOf(bodyOf({ ...known, pack: id }), bodyOf(rule))
    return { rule: rule.id, what: differences.length === 0 ? 'same' : 'changed', differences }
  })
  const gone = here.filter(r => r.pack === id && !rules.some(rule => rule.id === r.id))
  return [...told, ...gone.map((r): RuleDifference => ({ rule: r.id, what: 'only here', differences: [] }))]
}

async function diffPack({ terminal }: Call, world: World, file: string): Promise<Ending> {
  const told = (await compared(world, packIn(file))).filter(d => d.what !== 'same')
  for (const { rule, what, differences } of told) {
    terminal.line(`${rule}: ${what}`)
    for (const { path, before, after } of differences)
      terminal.line(`  ${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`)
  }
  if (told.length === 0) terminal.line('Nothing differs.')
  return { ok: told.length === 0, counts: { differing: told } }
}

async function importPack({ terminal }: Call, world: World, file: string): Promise<Ending> {
  const pack = packIn(file)
  const calendars = await calendarsBeside(dirname(resolve(file)))
  compileBook(pack.rules, orderFactSchema, { calendars })
  const failing = pack.rules.filter(rule => failedExamples(rule, orderFactSchema, { calendars }).length > 0)
  if (failing.length > 0)
    throw new UsageError(
      `Examples fail of ${failing.map(r => r.id).join(', ')}: see andon packs test. Nothing was saved.`,
    )
  const told = await compared(world, pack)
  const news = pack.rules.filter(rule =>
    told.some(d => d.rule === rule.id && (d.what === 'added' || d.what === 'changed')),
  )
  const drafts: { rule: string; version: number }[] = []
  for (const rule of news) {
    const newest = (await readVersions(world.db, rule.id)).at(-1)
    const seen = newest?.hash ?? null
    const { pack: _pack, ...body } = bodyOf(rule)
    // Brought in before: nobody's draft is written again.
    if (seen === hashOf(body)) {
      terminal.line(`${rule.id}: version ${newest?.version} says so already`)
      continue
    }
    const reason = `imported from pack ${pack.id}`
    const draft = await saveDraft(world.db, { rule: rule.id, body, by: ACTOR, reason, seen, at: systemClock.now() })
    drafts.push({ rule: rule.id, version: draft.version })
    terminal.line(`${rule.id}: version ${draft.version}, a draft`)
  }
  terminal.line(
    `${drafts.length} drafts saved of ${pack.rules.length} rules: move them to shadow or live in the console.`,
  )
  return { ok: true, counts: { pack: pack.id, rules: pack.rules.length, drafts } }
}
