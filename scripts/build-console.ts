/** Builds the console into web/dist, compresses it, prints its sizes and holds them: `node scripts/build-console.ts`. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { build } from 'vite'
import { config } from '../web/vite.config.ts'
import { overBudget, sizesOf, tableOf } from './console-sizes.ts'

const web = join(import.meta.dirname, '..', 'web')
const dist = join(web, 'dist')
const quiet = process.argv.includes('--quiet')

/** Built beside and then put in place, so that a server never sees half of it, nor two builds each other's files. */
async function main(): Promise<void> {
  const beside = join(web, `dist.${process.pid}`)
  try {
    await build({
      ...config,
      configFile: false,
      logLevel: quiet ? 'error' : 'warn',
      build: { ...config.build, outDir: beside, manifest: 'manifest.json' },
    })
    nameByContent(beside, 'before-paint.js')
    await compressAll(beside)
    const sizes = sizesOf(beside)
    if (!quiet) console.log(tableOf(sizes))
    const over = overBudget(sizes)
    for (const line of over) console.error(line)
    if (over.length > 0) throw new Error('the console is over its budget of bytes')
    putInPlace(beside)
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}

/** A script that must not be a module, and is therefore not the bundler's: named by its content too, so that it is kept. */
function nameByContent(dir: string, name: string): void {
  const hash = createHash('sha256')
    .update(readFileSync(join(dir, name)))
    .digest('base64url')
    .slice(0, 8)
  const hashed = name.replace('.js', `-${hash}.js`)
  renameSync(join(dir, name), join(dir, 'assets', hashed))
  const index = join(dir, 'index.html')
  writeFileSync(index, readFileSync(index, 'utf8').replace(`/${name}`, `/assets/${hashed}`))
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
