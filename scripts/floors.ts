/** Holds the floors: imports by dependency-cruiser, purity by our own walk. `node scripts/floors.ts [root]`. */
import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { floorOf, ROOMS } from './floor-map.ts'
import { CRUISE_OPTIONS, FLOOR_RULES, RESOLVE_OPTIONS } from './floor-rules.ts'
import { purityProblems } from './purity.ts'
import { filesUnder, isTypeScript, type Problem, readSource, report } from './source.ts'

const TREES = ['src', 'web', 'test', 'scripts', 'bench', 'packs', 'examples']

/** Every break of a floor below `root`, from both checks. */
export async function floorProblems(root: string): Promise<Problem[]> {
  const trees = TREES.filter(dir => filesUnder(root, dir, isTypeScript).length > 0)
  const sources = trees.flatMap(dir => filesUnder(root, dir, isTypeScript)).map(path => readSource(root, path))
  return [...(await importProblems(root, trees)), ...unknownPlaces(root), ...sources.flatMap(purityProblems)]
}

async function importProblems(root: string, trees: string[]): Promise<Problem[]> {
  if (trees.length === 0) return []
  const options = { ...CRUISE_OPTIONS, baseDir: root, ruleSet: { forbidden: FLOOR_RULES }, validate: true }
  const { output } = await cruise(trees, options, RESOLVE_OPTIONS)
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered with text: ${output.slice(0, 200)}`)
  return output.summary.violations.map(violation => problemOf(output, violation))
}

function problemOf(output: ICruiseResult, violation: ICruiseResult['summary']['violations'][number]): Problem {
  const rule = output.summary.ruleSetUsed?.forbidden?.find(r => r.name === violation.rule.name)
  const way = violation.cycle ? violation.cycle.map(step => step.name).join(' -> ') : violation.to
  return { path: violation.from, line: 1, code: violation.rule.name, message: `imports ${way}: ${rule?.comment ?? ''}` }
}

// A folder that the rules do not know is a folder that they do not hold.
function unknownPlaces(root: string): Problem[] {
  const inSrc = namesIn(join(root, 'src')).filter(name => floorOf(`src/${name}/`) === null)
  const inModules = namesIn(join(root, 'src', 'modules')).filter(name => !ROOMS.includes(name))
  const message = 'no place in the floors or in the order of rooms; see scripts/floor-map.ts'
  return [...inSrc.map(name => `src/${name}`), ...inModules.map(name => `src/modules/${name}`)].map(path => ({
    path,
    line: 1,
    code: 'floor-unknown',
    message,
  }))
}

const namesIn = (folder: string): string[] =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : []

if (import.meta.main) {
  const problems = await floorProblems(resolve(process.argv[2] ?? '.'))
  if (!report(problems)) process.exitCode = 1
  else console.log('floors hold')
}
