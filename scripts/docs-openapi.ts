/** Writes docs/reference/openapi.json from the contract; `--check` fails when the file is not what the contract says. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { openApiDocument } from '../src/app/http/openapi.ts'

const root = resolve(import.meta.dirname, '..')
const path = join(root, 'docs', 'reference', 'openapi.json')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const wanted = `${JSON.stringify(openApiDocument(version), null, 2)}\n`

function standing(): string {
  try {
    return readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
  } catch {
    return ''
  }
}

if (standing() === wanted) console.log('docs/reference/openapi.json is what the contract says')
else if (process.argv.includes('--check')) {
  console.error('docs/reference/openapi.json is not what the contract says: run node scripts/docs-openapi.ts')
  process.exitCode = 1
} else {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, wanted)
  console.log('docs/reference/openapi.json written')
}
