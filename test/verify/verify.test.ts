import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, test } from 'node:test'

const inScripts = (name: string): string => `scripts/${name}`
const ROOT = resolve(import.meta.dirname, '../..')
// What `npm run verify` itself is made of; the rest of scripts/ speaks of the real tree.
const COPIED = [
  ...[
    'biome.json',
    'tsconfig.json',
    'package.json',
    'package-lock.json',
    'web/tsconfig.json',
    'test/e2e/tsconfig.json',
  ],
  ...['verify.mjs', 'runtime.mjs', 'source.ts', 'floors.ts', 'floor-map.ts', 'floor-rules.ts', 'purity.ts'].map(
    inScripts,
  ),
  ...[
    'budgets.ts',
    'budget-measures.ts',
    'check-docs.ts',
    'doc-references.ts',
    'licences.ts',
    'licence-rules.ts',
    'lockfile.ts',
    'texts.ts',
    'texts-check.ts',
    'advisories.ts',
    'advisory-rules.ts',
    'advisories-allowed.json',
  ].map(inScripts),
]
const made: string[] = []
after(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true })
})

/** This repository's own checks over a tree of a few files. */
function verify(files: Record<string, string>): { status: number | null; failed: string[] } {
  const root = mkdtempSync(join(tmpdir(), 'andon verify-'))
  made.push(root)
  for (const name of COPIED) cpSync(join(ROOT, name), join(root, name))
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'scripts', 'verify.mjs')], { encoding: 'utf8' })
  return { status, failed: [...stdout.matchAll(/^FAIL +[\d.]+ s +(.+)$/gm)].map(m => m[1] ?? '').toSorted() }
}

const SOUND = {
  'src/kernel/one.ts': 'export const one = 1\n',
  'README.md': 'See `src/kernel/one.ts`.\n',
  'web/src/lib/page.ts': 'export const titleOf = (page: Document): string => page.title\n',
  'test/e2e/page.ts': 'export const titleOf = (page: Document): string => page.title\n',
}

test('a sound tree passes, in a path with a space', () => {
  assert.deepEqual(verify(SOUND), { status: 0, failed: [] })
})

test('each part fails by itself and the command with it', () => {
  const planted = {
    ...SOUND,
    'src/kernel/types.ts': "export const two: number = 'two'\n",
    'src/kernel/format.ts': 'export const three = "three";\n',
    'src/kernel/floors.ts': "export { five } from '../platform/five.ts'\n",
    'src/platform/five.ts': 'export const five = 5\n',
    'src/kernel/long.ts': `${'//\n'.repeat(401)}export const four = 4\n`,
    'web/src/lib/types.ts': 'export const title: number = document.title\n',
    'test/e2e/types.ts': 'export const title: number = document.title\n',
    'web/src/features/cases/zh-CN.ts': 'export const zhCN = { unused: "" } as const\n'.replaceAll('"', "'"),
    'docs/page.md': 'See `src/kernel/nowhere.ts`.\n',
    'scripts/docs-planted.ts': 'if (process.argv.includes("--check")) process.exitCode = 1\n'.replaceAll('"', "'"),
  }
  assert.deepEqual(verify(planted), {
    status: 1,
    failed: [
      ...['budgets', 'doc references', 'floors', 'format and lint', 'generated: docs-planted.ts'],
      ...['texts of the console', 'types', 'types: test/e2e', 'types: web'],
    ],
  })
})
