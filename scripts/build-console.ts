/** Builds the console into web/dist, compresses it, prints its sizes and holds them: `node scripts/build-console.ts`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { build } from 'vite'
import { config } from '../web/vite.config.ts'
import { overBudget, sizesOf, tableOf } from './console-sizes.ts'
import { sourcesHash } from './console.mjs'

const web = join(import.meta.dirname, '..', 'web')
const dist = join(web, 'dist')
const quiet = process.argv.includes('--quiet')

/** Built beside and then put in place, so that a server never sees half of it, nor two builds each other's files. */
async function main(): Promise<void> {
  const hash = sourcesHash()
  const beside = join(web, `dist.${process.pid}`)
  try {
    await build({
      ...config,
      logLevel: quiet ? 'error' : 'warn',
      build: { ...config.build, outDir: beside, manifest: 'manifest.json' },
    })
    await compressAll(beside)
    const sizes = sizesOf(beside)
    if (!quiet) console.log(tableOf(sizes))
    const over = overBudget(sizes)
    for (const line of over) console.error(line)
    if (over.length > 0) throw new Error('the console is over its budget of bytes')
    writeFileSync(join(beside, '.stamp'), hash)
    putInPlace(beside)
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}

function putInPlace(beside: string): void {
  const old = join(web, `dist.${process.pid}.old`)
  if (existsSync(dist)) renameSync(dist, old)
  renameSync(beside, dist)
  rmSync(old, { recursive: true, force: true })
}

const TEXT = /\.(js|css|svg|json)$/

async function compressAll(dir: string): Promise<void> {
  const assets = join(dir, 'assets')
  mkdirSync(assets, { recursive: true })
  await Promise.all(
    readdirSync(assets)
      .filter(name => TEXT.test(name))
      .map(name => compressOne(join(assets, name))),
  )
}

async function compressOne(path: string): Promise<void> {
  const bytes = readFileSync(path)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
  const [gz, br] = await Promise.all([
    promisify(gzip)(bytes, { level: 9 }),
    promisify(brotliCompress)(bytes, { params }),
  ])
  writeFileSync(`${path}.gz`, gz)
  writeFileSync(`${path}.br`, br)
}

await main()
