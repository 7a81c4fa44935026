import { messageOf } from '../../platform/error.ts'
import { type DataConfig, dataConfig } from '../config.ts'
import { openDatabase } from '../open-database.ts'
import { isFounded } from '../world.ts'
import { CHECKS } from './doctor-database.ts'
import { type Finding, fail, warn } from './doctor-finding.ts'
import { binaries, directory, key, node, rules } from './doctor-machine.ts'
import { type Call, DATA_FLAGS, type Ending, type Verb } from './verb.ts'

export const doctor: Verb = {
  name: 'doctor',
  summary: 'look at the installation and say what to do',
  about: ['Checks the runtime, the data directory, the database and what waits in it. May run beside `andon start`.'],
  flags: DATA_FLAGS,
  run,
}

async function run(call: Call): Promise<Ending> {
  const { terminal } = call
  const config = dataConfig(call.flags)
  const findings: Finding[] = [node(), ...binaries(config), ...directory(config), ...key(config), await rules()]
  if (!isFounded(config)) findings.push(warn('database', 'there is none yet', 'the first start makes it'))
  else findings.push(...(await lookInside(call, config)))
  terminal.settle()
  for (const line of table(findings)) terminal.line(line)
  const failed = findings.filter(f => f.grade === 'fail').length
  return { ok: failed === 0, counts: { failed, warned: findings.filter(f => f.grade === 'warn').length, findings } }
}

/** Starts the database when nobody runs it, and changes nothing in it. */
async function lookInside({ terminal }: Call, config: DataConfig): Promise<Finding[]> {
  const findings: Finding[] = []
  try {
    const database = await openDatabase(config, {
      mayAttach: true,
      onProgress: terminal.progress,
      onLost: terminal.warn,
    })
    try {
      for (const check of CHECKS) findings.push(...(await check(database.db, config)))
    } finally {
      await database.close()
    }
  } catch (error) {
    findings.push(fail('database', messageOf(error), 'see the sentence before'))
  }
  return findings
}

function table(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(f => f.name.length))
  return findings.map(
    ({ name, grade, says, todo }) => `${grade.padEnd(4)}  ${name.padEnd(width)}  ${says}${todo && `: ${todo}`}`,
  )
}
