// A reporter of node --test that writes only the final counts and the files that failed, for scripts/test.mjs.

// biome-ignore lint/style/noDefaultExport: node --test takes a reporter as the default export
export default async function* counts(source) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  const files = new Set()
  for await (const { type, data } of source) {
    // Suites (`describe`) and the runner's own entry per file are no tests.
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.details?.type === 'suite') continue
    if (data.skip !== undefined || data.todo !== undefined) total.skipped++
    else if (type === 'test:pass') total.passed++
    else {
      total.failed++
      if (data.file) files.add(data.file)
    }
  }
  yield JSON.stringify({ ...total, files: [...files] })
}
