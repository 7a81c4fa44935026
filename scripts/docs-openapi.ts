/** Writes openapi.json and problems.md of docs/reference from the contract; `--check` fails when they differ from it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openApiDocument } from '../src/app/http/openapi.ts'
import { problemsReference } from '../src/app/http/problems-page.ts'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'docs', 'reference')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const wanted = {
  'openapi.json': `${JSON.stringify(openApiDocument(version), null, 2)}\n`,
  'problems.md': problemsReference(),
}

function standing(path: string): string {
  try {
    return readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
  } catch {
    return ''
  }
}

for (const [name, text] of Object.entries(wanted)) {
  const path = join(folder, name)
  if (standing(path) === text) continue
  if (process.argv.includes('--check')) {
    console.error(`docs/reference/${name} is not what the contract says: run node scripts/docs-openapi.ts`)
    process.exitCode = 1
  } else {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, text)
    console.log(`docs/reference/${name} written`)
  }
}
