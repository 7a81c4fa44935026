import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addressOf, effective, queryOf, readSearch, sortOf, textOf, USUAL } from './filters.ts'

describe('filters of the inbox', () => {
  it('are read off the address under the names of the API', () => {
    const search = readSearch({
      ...{
        state: 'active',
        status: 'open,working',
        severity: 'P0',
        owner: 'me',
        q: 12345,
        sort: 'money',
        holds: 'true',
      },
      ...{ dueTo: '2026-11-12T00:00:00Z', amountFrom: '5000', open: `c-${'a'.repeat(26)}` },
    })
    assert.deepEqual(search, {
      ...{ state: 'active', status: ['open', 'working'], severity: ['P0'], owner: ['me'], q: '12345', sort: 'money' },
      ...{ holds: true, dueTo: '2026-11-12T00:00:00Z', amountFrom: 5000, open: `c-${'a'.repeat(26)}` },
    })
    const { open: _, ...kept } = search
    assert.deepEqual(readSearch(addressOf(search)), kept)
  })

  it('count as not given when they are not as they should be', () => {
    const odd = {
      state: 'half',
      status: 'open,asleep',
      severity: 'P9',
      dueTo: 'soon',
      amountFrom: '-1',
      open: 'x',
      q: '  ',
    }
    assert.deepEqual(readSearch({ ...odd, owner: '<script>', sort: ['due'] }), {
      status: ['open'],
      owner: ['<script>'],
    })
    assert.deepEqual(readSearch({ type: Array(99).fill('x') }).type?.length, 20)
  })

  it('are the usual ones where nothing is said; a list of open work is sorted by its deadlines', () => {
    assert.deepEqual(effective({ sort: 'money' }), USUAL)
    assert.deepEqual(effective({ q: 'x' }), { state: 'active', q: 'x' })
    assert.deepEqual(effective({ status: ['closed'], state: 'all' }), { status: ['closed'], state: 'all' })
    assert.deepEqual(
      [sortOf({}), sortOf({ state: 'over' }), sortOf({ q: 'x', sort: 'money' })],
      ['due', 'opened', 'money'],
    )
  })

  it('due today ends with the day of the reader, and stays true tomorrow', () => {
    const now = new Date(2026, 10, 12, 10, 42).getTime()
    assert.equal(queryOf({ due: 'today' }, now).dueTo, new Date(2026, 10, 13).toISOString())
    assert.equal(queryOf({ due: 'overdue' }, now).dueTo, new Date(now).toISOString())
    assert.deepEqual(queryOf({ status: ['open'], owner: ['me'] }, now), { status: ['open'], owner: ['me'] })
  })

  it('are the same whatever the order in which they were chosen', () => {
    assert.equal(
      textOf({ state: 'active', status: ['open', 'working'] }),
      textOf({ status: ['working', 'open'], state: 'active' }),
    )
    assert.notEqual(textOf({ owner: ['me'] }), textOf({ owner: ['none'] }))
  })
})
