import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Pack, type PackProblem, parsePack } from './pack.ts'

export interface FilePackProblem extends PackProblem {
  readonly file: string
}

/** Packs that cannot be used. `code` is stable; the message has one line for each problem. */
export class PacksRefused extends Error {
  readonly code = 'packs_refused'
  readonly problems: readonly FilePackProblem[]

  constructor(problems: readonly FilePackProblem[]) {
    super(`Packs were refused:\n${problems.map(p => `${p.file}:${p.line} ${p.path}: ${p.message}`).join('\n')}`)
    this.problems = problems
  }
}

/** All packs of a folder (`*.yaml`, by name). Throws PacksRefused with every problem of every file. */
export async function loadPacks(dir: string): Promise<readonly Pack[]> {
  const files = (await readdir(dir)).filter(name => name.endsWith('.yaml')).sort()
  const packs: Pack[] = []
  const problems: FilePackProblem[] = []
  const owners = new Map<string, string>()
  for (const file of files) {
    const parsed = parsePack(await readFile(join(dir, file), 'utf8'))
    if (!parsed.ok) {
      problems.push(...parsed.problems.map(problem => ({ ...problem, file })))
      continue
    }
    packs.push(parsed.pack)
    for (const { id } of parsed.pack.rules) {
      const owner = owners.get(id)
      if (owner)
        problems.push({ file, code: 'bad_pack', line: 1, path: id, message: `rule ${id} is in ${owner} already` })
      owners.set(id, file)
    }
  }
  if (problems.length > 0) throw new PacksRefused(problems)
  return packs
}
