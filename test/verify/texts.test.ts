import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { textProblems } from '../../scripts/texts.ts'

const made: string[] = []
after(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true })
})

const SOUND = {
  'zh-CN.ts':
    "export const zhCN = { title: '工单', 'state.open': '待确认', 'state.done': '完成', n: '{{count}} 单' } as const\n",
  'en.ts':
    "export const en = { title: 'Cases', 'state.open': 'Open', 'state.done': 'Done', n: '{{count}} cases', n_one: '{{count}} case' }\n",
  'page.tsx':
    "export const page = (t: (k: string) => string, s: string) => [t('title'), t(`state.${s}`), <b>SKU · {t('n')}</b>]\n",
}

/** The codes found in a feature of these files. */
async function codesOf(files: Partial<typeof SOUND>): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'andon-texts-'))
  made.push(root)
  for (const [name, text] of Object.entries({ ...SOUND, ...files })) {
    const path = join(root, 'web/src/features/cases', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return (await textProblems(root)).map(p => `${p.code} ${p.message}`)
}

test('complete texts have no problems; a plural form and a key that is put together count', async () => {
  assert.deepEqual(await codesOf({}), [])
})

test('a key that English lacks, that nobody uses, or that is not there is told', async () => {
  const en = SOUND['en.ts'].replace("title: 'Cases', ", '')
  assert.deepEqual(await codesOf({ 'en.ts': en }), ['text-missing title: not in English'])
  const zh = SOUND['zh-CN.ts'].replace('{ title', "{ old: '旧', title")
  const both = { 'zh-CN.ts': zh, 'en.ts': SOUND['en.ts'].replace('{ title', "{ old: 'old', title") }
  assert.deepEqual(await codesOf(both), ['text-unused old: nobody asks for it'])
  const page = SOUND['page.tsx'].replace("t('title')", "t('title'), t('none')")
  assert.deepEqual(await codesOf({ 'page.tsx': page }), ['text-missing none: no such text'])
})

test('languages that take different values are told', async () => {
  const en = SOUND['en.ts'].replace('{{count}} cases', '{{many}} cases')
  assert.deepEqual(await codesOf({ 'en.ts': en }), ['text-slots n: the languages take different values'])
})

test('words written in the code are told, in either language', async () => {
  const english = SOUND['page.tsx'].replace('SKU', 'Nothing here')
  assert.match((await codesOf({ 'page.tsx': english })).join(), /text-in-code "Nothing here/)
  const chinese = SOUND['page.tsx'].replace('[t(', "['无', t(")
  assert.match((await codesOf({ 'page.tsx': chinese })).join(), /text-in-code "无"/)
})
