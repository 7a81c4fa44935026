import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { baseAfter, baseOf, leaves, savedMeanwhile } from './base.ts'
import { comparedOf } from './compared.ts'

interface Text {
  readonly when: string
}
const starter: Text = { when: 'true' }
const version = (n: number, when: string) => ({ version: n, text: { when }, hash: `hash of ${when}` })
const [ONE, TWO] = [version(1, 'a.x'), version(2, 'a.y')]
const stand = (asked: number | undefined, ...versions: (typeof ONE)[]) => ({ versions, asked, starter })

describe('what is edited while others save', () => {
  for (const asked of [undefined, 1])
    it(`stays, and the lock is asked about what was seen (version ${asked} in the address)`, () => {
      const base = baseOf(stand(asked, ONE))
      const later = stand(asked, TWO, ONE)
      assert.equal(baseAfter(base, later, true), base)
      assert.equal(base.seen, ONE.hash)
      assert.equal(savedMeanwhile(base, later.versions)?.version, 2)
    })

  it('sees a draft that somebody saved over the same version', () => {
    const base = baseOf(stand(1, ONE))
    const over = stand(1, version(1, 'a.z'))
    assert.equal(baseAfter(base, over, true), base)
    assert.equal(savedMeanwhile(base, over.versions)?.version, 1)
  })

  it('follows while nothing is written', () => {
    const base = baseAfter(baseOf(stand(undefined, ONE)), stand(undefined, TWO, ONE), false)
    assert.deepEqual([base.version, base.text, base.seen], [2, TWO.text, TWO.hash])
    assert.equal(savedMeanwhile(base, [TWO, ONE]), null)
  })

  it('keeps the very text when only another version came: rows that are still empty stay', () => {
    const base = baseOf(stand(1, ONE))
    const read = baseAfter(base, stand(1, TWO, { ...ONE, text: { ...ONE.text } }), false)
    assert.equal(read.text, base.text)
    assert.equal(read.seen, TWO.hash)
    assert.equal(baseAfter(read, stand(1, TWO, ONE), false), read, 'and then it rests')
  })

  it('goes to another version that the address names, but not to one that does not exist', () => {
    const base = baseOf(stand(undefined, TWO, ONE))
    assert.equal(baseAfter(base, stand(1, TWO, ONE), true).version, 1)
    assert.equal(baseAfter(base, stand(9, TWO, ONE), true), base)
  })

  it('begins with the starter when nothing was saved', () => {
    const base = baseOf(stand(undefined))
    assert.deepEqual(base, { version: null, text: starter, seen: null })
    assert.equal(baseAfter(base, stand(undefined), true), base)
  })

  it('is left by another page or version, not by another region of the same', () => {
    const here = { pathname: '/rules/a', search: {} }
    assert.equal(leaves(here, { ...here, search: { version: 1, test: 'x' } }, 1), false)
    assert.equal(leaves(here, { ...here, search: { order: 'x' } }, 1), false)
    assert.equal(leaves(here, { ...here, search: { version: 2 } }, 1), true)
    assert.equal(leaves(here, { pathname: '/rules', search: {} }, 1), true)
  })
})

describe('which versions are compared', () => {
  const versions = [{ version: 3 }, { version: 2 }, { version: 1 }]
  it('the live one with the newest; the one before when the newest is live', () => {
    assert.deepEqual(comparedOf({ live: 1, versions }, {}), { from: 1, to: 3 })
    assert.deepEqual(comparedOf({ live: 3, versions }, {}), { from: 2, to: 3 })
    assert.deepEqual(comparedOf({ live: null, versions }, {}), { from: 2, to: 3 })
    assert.deepEqual(comparedOf({ live: 2, versions }, { to: 2 }), { from: 1, to: 2 })
    assert.deepEqual(comparedOf({ live: 3, versions }, { from: 1 }), { from: 1, to: 3 })
    assert.deepEqual(comparedOf({ live: 1, versions: [{ version: 1 }] }, {}), { from: 1, to: 1 })
  })
})
