import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aboutAndon, shippedPackages } from './about.ts'

test('what is shipped is listed once a version; what is for development is not', () => {
  const lock = {
    packages: {
      '': { version: '0.1.0', license: 'Apache-2.0' },
      'node_modules/zod': { version: '4.0.0', license: 'MIT' },
      'node_modules/@a/b': { version: '1.0.0', license: 'ISC' },
      'node_modules/c/node_modules/zod': { version: '3.0.0', license: 'MIT' },
      'node_modules/d/node_modules/zod': { version: '3.0.0', license: 'MIT' },
      'node_modules/tool': { version: '1.0.0', dev: true },
    },
  }
  const names = shippedPackages(JSON.stringify(lock)).map(p => `${p.name}@${p.version} ${p.licence}`)
  assert.deepEqual(names, ['@a/b@1.0.0 ISC', 'zod@4.0.0 MIT', 'zod@3.0.0 MIT'])
})

test('every package that we ship says its licence', () => {
  const { packages } = aboutAndon('18')
  assert.ok(packages.some(p => p.name === 'fastify'))
  assert.deepEqual(
    packages.filter(p => p.licence === ''),
    [],
  )
})
