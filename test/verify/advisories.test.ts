import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advisoriesOf, judge } from '../../scripts/advisory-rules.ts'

const TODAY = '2026-11-22'
const advisory = { name: 'minimist', title: 'Prototype Pollution', severity: 'critical' }
// As npm 7 and later write it: the package itself, and one that uses it.
const REPORT = {
  auditReportVersion: 2,
  vulnerabilities: {
    minimist: {
      name: 'minimist',
      severity: 'critical',
      via: [
        { source: 1097678, ...advisory, url: 'https://github.com/advisories/GHSA-xvch-5gv4-984h', range: '<1.2.6' },
      ],
      effects: ['mkdirp'],
    },
    mkdirp: { name: 'mkdirp', severity: 'critical', via: ['minimist'], effects: [] },
  },
  metadata: { vulnerabilities: { critical: 2, total: 2 } },
}
const FOUND = [{ id: 'GHSA-xvch-5gv4-984h', ...advisory }]

test('each advisory is found once, however many packages it reaches', () => {
  assert.deepEqual(advisoriesOf(REPORT), FOUND)
  assert.deepEqual(advisoriesOf({ auditReportVersion: 2, vulnerabilities: {} }), [])
})

test('what is no report is no answer', () => {
  for (const given of [null, 'x', {}, { message: '405 Method Not Allowed', error: { summary: '' } }])
    assert.equal(advisoriesOf(given), null)
})

test('a serious one fails; with a reason it is let through until its day', () => {
  const entry = { id: 'GHSA-xvch-5gv4-984h', reason: 'never parses what strangers send', until: TODAY }
  assert.match(judge(FOUND, [], TODAY).problems.join(), /minimist: Prototype Pollution \(critical.*update it/)
  assert.deepEqual(judge(FOUND, [entry], TODAY).problems, [])
  assert.match(judge(FOUND, [{ ...entry, until: '2026-11-21' }], TODAY).problems.join(), /look again/)
  assert.deepEqual(judge([{ ...FOUND[0]!, severity: 'low' }], [], TODAY).problems, [])
})

test('what is let through and is gone has to go as well', () => {
  const entry = { id: 'GHSA-aaaa-bbbb-cccc', reason: 'x', until: '2030-01-01' }
  assert.match(judge([], [entry], TODAY).problems.join(), /concerns nothing any more/)
})
