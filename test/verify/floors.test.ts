import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { ROOMS } from '../../scripts/floor-map.ts'
import { FLOOR_RULES } from '../../scripts/floor-rules.ts'
import { floorProblems } from '../../scripts/floors.ts'

const made: string[] = []
after(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true })
})

/** A small repository that holds every floor, plus the given files. */
function repository(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'andon-floors-'))
  made.push(root)
  const dependency = (name: string): Record<string, string> => ({
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.js' }),
    [`node_modules/${name}/index.js`]: 'export const thing = 1\n',
  })
  const sound = {
    'package.json': JSON.stringify({
      name: 'planted',
      type: 'module',
      dependencies: { pg: '1.0.0', zod: '1.0.0', '@marcbachmann/cel-js': '1.0.0' },
      devDependencies: { autocannon: '1.0.0' },
    }),
    ...dependency('pg'),
    ...dependency('zod'),
    ...dependency('@marcbachmann/cel-js'),
    ...dependency('autocannon'),
    'src/kernel/instant.ts': "import { createHash } from 'node:crypto'\nexport const day = createHash\n",
    'src/contract/order.ts':
      "import { thing } from 'zod'\nimport { day } from '../kernel/instant.ts'\nexport const order = [thing, day]\nexport type Order = string\n",
    'src/platform/pool.ts': "import { thing } from 'pg'\nexport const pool = thing\n",
    'src/platform/clock.ts': 'export const now = (): number => Date.now()\n',
    'src/modules/orders/types.ts': "import { order } from '../../contract/order.ts'\nexport const shape = order\n",
    'src/modules/orders/core.ts': "import { shape } from './types.ts'\nexport const fold = shape\n",
    'src/modules/orders/store.ts': "import { pool } from '../../platform/pool.ts'\nexport const load = pool\n",
    'src/modules/orders/index.ts': "export { load } from './store.ts'\nexport { fold } from './core.ts'\n",
    'src/modules/cases/core.ts': "import { shape } from '../orders/types.ts'\nexport const react = shape\n",
    'src/modules/cases/routes.ts': "import { load } from '../orders/index.ts'\nexport const routes = load\n",
    'src/modules/rules/core-parse.ts': "import { thing } from '@marcbachmann/cel-js'\nexport const parse = thing\n",
    'src/pipeline/step.ts': "import { fold } from '../modules/orders/index.ts'\nexport const step = fold\n",
    'src/app/server.ts': "import { step } from '../pipeline/step.ts'\nexport const port = [step, process.env.PORT]\n",
    'web/src/lib/api.ts':
      "import type { Order } from '../../../src/contract/order.ts'\nexport const api = (order: Order): Order => order\n",
    'web/src/kit/button.ts': "import { api } from '../lib/api.ts'\nexport const button = api\n",
    'web/src/features/cases/page.ts': "import { button } from '../../kit/button.ts'\nexport const page = button\n",
    'web/src/app/main.ts': "import { page } from '../features/cases/page.ts'\nexport const main = page\n",
  }
  for (const [path, text] of Object.entries({ ...sound, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

const imports = (from: string): string => `import { x } from '${from}'\nexport const y = x\n`

/** Code -> the file to plant it in and its text. */
const PLANTED: Record<string, [path: string, text: string]> = {
  'kernel-imports-nothing': ['src/kernel/bad.ts', imports('zod')],
  'contract-imports-kernel': ['src/contract/bad.ts', imports('../platform/pool.ts')],
  'core-is-pure': ['src/modules/orders/core-bad.ts', imports('./store.ts')],
  'cel-only-in-rules': ['src/modules/orders/core-cel.ts', imports('@marcbachmann/cel-js')],
  'platform-knows-no-domain': ['src/platform/bad.ts', imports('../modules/orders/index.ts')],
  'rooms-stay-below-pipeline': ['src/modules/orders/verbs/bad.ts', imports('../../../pipeline/step.ts')],
  'pipeline-below-app': ['src/pipeline/bad.ts', imports('../app/server.ts')],
  'room-door': ['src/modules/cases/store.ts', imports('../orders/store.ts')],
  'room-door-from-above': ['src/pipeline/bad.ts', imports('../modules/orders/core.ts')],
  'no-cycles': [
    'src/kernel/instant.ts',
    "import type { T } from './again.ts'\nexport type U = T\nexport const day = 1\n",
  ],
  resolvable: ['src/app/bad.ts', imports('./nowhere.ts')],
  'web-reads-contract': ['web/src/bad.ts', imports('../../src/platform/pool.ts')],
  'rules-in-the-browser': ['src/modules/rules/browser.ts', imports('../../contract/order.ts')],
  'web-ships-no-schemas': ['web/src/bad.ts', imports('../../src/contract/order.ts')],
  'web-lib-is-lowest': ['web/src/lib/bad.ts', imports('../kit/button.ts')],
  'web-kit-below-features': ['web/src/kit/bad.ts', imports('../features/cases/page.ts')],
  'web-features-apart': ['web/src/features/orders/page.ts', imports('../cases/page.ts')],
  'examples-read-contract': ['examples/shop/bad.ts', imports('../../src/platform/pool.ts')],
  'ships-without-tests': ['src/app/bad.ts', imports('../../test/support/world.ts')],
  'ships-with-dependencies': ['src/app/bad.ts', imports('autocannon')],
  'floor-unknown': ['src/modules/helpers/index.ts', 'export const x = 1\n'],
  'export-star': [
    'src/modules/orders/index.ts',
    "export * from './core.ts'\nexport const load = 1\nexport const fold = 1\n",
  ],
  'import-type-call': ['src/app/bad.ts', "export type X = import('./server.ts').Y\n"],
  'clock-read': ['src/pipeline/bad.ts', 'export const at = (): number => Date.now()\n'],
  'environment-read': ['src/platform/bad.ts', 'export const home = process.env.HOME\n'],
  'core-async': ['src/modules/orders/core-bad.ts', 'export const f = async (): Promise<void> => {}\n'],
  'core-dynamic-import': ['src/modules/orders/core-bad.ts', "export const f = () => import('./core.ts')\n"],
  'core-outside': ['src/modules/orders/core-bad.ts', "export const f = (): void => console.log('x')\n"],
  'core-random': ['src/kernel/bad.ts', "import { randomBytes } from 'node:crypto'\nexport const f = randomBytes\n"],
}

// What a planted file needs beside it, so that only the planted rule can break.
const BESIDE: Record<string, string> = {
  'src/kernel/again.ts': "import type { U } from './instant.ts'\nexport type T = U\n",
  'test/support/world.ts': 'export const x = 1\n',
}

test('a repository that keeps to the floors has no problems', async () => {
  assert.deepEqual(await floorProblems(repository({})), [])
})

for (const [code, [path, text]] of Object.entries(PLANTED)) {
  test(`a planted ${code} is caught`, async () => {
    const codes = (await floorProblems(repository({ ...BESIDE, [path]: text }))).map(p => p.code)
    assert.ok(codes.includes(code), `found only: ${codes.join(', ') || 'nothing'}`)
  })
}

for (const [i, room] of ROOMS.slice(0, -1).entries()) {
  const later = ROOMS[i + 1]
  test(`${room} cannot import the later room ${later}`, async () => {
    const root = repository({
      [`src/modules/${room}/routes.ts`]: imports(`../${later}/index.ts`),
      [`src/modules/${later}/index.ts`]: 'export const x = 1\n',
    })
    const found = await floorProblems(root)
    assert.ok(found.some(p => p.code === `room-order-${room}` && p.path === `src/modules/${room}/routes.ts`))
  })
}

test('every rule has a planted violation', () => {
  const planted = new Set([...Object.keys(PLANTED), ...ROOMS.map(room => `room-order-${room}`)])
  assert.deepEqual(
    FLOOR_RULES.map(rule => rule.name ?? '').filter(name => !planted.has(name)),
    [],
  )
})

test('clock reads in their many spellings are caught, and the clock itself is not', async () => {
  const spellings = [
    'Date.now()',
    'new Date()',
    'Date()',
    "Date['now']()",
    'performance.now()',
    'Math.random()',
    'process.hrtime.bigint()',
  ]
  const text = spellings.map((s, i) => `export const t${i} = (): unknown => ${s}\n`).join('')
  const found = await floorProblems(repository({ 'src/app/bad.ts': text }))
  assert.deepEqual(
    found
      .filter(p => p.code === 'clock-read')
      .map(p => p.line)
      .toSorted(),
    spellings.map((_, i) => i + 1),
  )
})

test('a property with the name of something outside is not the outside', async () => {
  const text =
    'export const f = (body: { process: number }): object => ({ process: body.process, at: new Date(body.process) })\n'
  assert.deepEqual(await floorProblems(repository({ 'src/modules/orders/core-good.ts': text })), [])
})
