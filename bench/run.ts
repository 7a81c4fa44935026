/** `npm run bench`: runs the measurements, prints a table, writes JSON. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { access } from './access.ts'
import { backtest } from './backtest.ts'
import { commands } from './commands.ts'
import { console as consoleBench } from './console.ts'
import { footprint } from './footprint.ts'
import { ingestSteps } from './ingest-steps.ts'
import { ingestTogether } from './ingest-together.ts'
import type { Bench, BenchOptions, BenchResult } from './kit/bench.ts'
import { tableOf } from './kit/table.ts'
import { lists } from './lists.ts'
import { rules } from './rules.ts'
import { rulesPeers } from './rules-peers.ts'
import { sweep } from './sweep.ts'
import { wakes } from './wakes.ts'

const BENCHES: readonly Bench[] = [
  ingestTogether,
  ingestSteps,
  wakes,
  commands,
  rules,
  rulesPeers,
  backtest,
  sweep,
  lists,
  access,
  consoleBench,
  footprint,
]

const HELP = `npm run bench -- [--only <name>[,<name>]] [--quick] [--rounds <n>] [--profile]

${BENCHES.map(b => `  ${b.name.padEnd(16)} ${b.about}`).join('\n')}

  --only      run these only
  --quick     less data and fewer rounds: rougher figures in a few minutes
  --rounds    rounds of each side (default 3)
  --profile   one more round with the profiler on the server; its summary goes into the JSON
`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
})

const machine = () => ({
  date: new Date().toISOString(),
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
  cpus: cpus().length,
  cpu: cpus()[0]?.model ?? '',
  memoryGb: Math.round(totalmem() / 2 ** 30),
})

function chosen(): readonly Bench[] {
  const names = values.only?.split(',') ?? BENCHES.map(b => b.name)
  return names.map(benchOf)
}

function benchOf(name: string): Bench {
  const bench = BENCHES.find(b => b.name === name)
  if (bench) return bench
  console.error(`There is no bench ${JSON.stringify(name)}: choose from ${BENCHES.map(b => b.name).join(', ')}.`)
  process.exit(1)
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP)
  const about = machine()
  const results: Record<string, BenchResult> = {}
  for (const bench of chosen()) {
    console.error(`${bench.name}: ${bench.about}`)
    const options: BenchOptions = {
      quick: values.quick,
      profile: values.profile,
      rounds: Math.max(1, Number(values.rounds)),
      say: text => console.error(`  ${text}`),
    }
    const result = await bench.run(options)
    results[bench.name] = result
    console.log(`\n${tableOf(bench.name, result)}\n`)
  }
  const dir = join(import.meta.dirname, 'results')
  mkdirSync(dir, { recursive: true })
  const file = join(dir, `${about.date.replace(/[:.]/g, '-')}.json`)
  writeFileSync(file, `${JSON.stringify({ about, quick: values.quick, results }, null, 1)}\n`)
  console.log(`${about.cpus} x ${about.cpu}, ${about.memoryGb} GB, Node ${about.node}; written to ${file}`)
}

await main()
process.exit()
