import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passwordFlaw } from './core-password.ts'

const about = { names: ['Anna Lindqvist', 'anna.lindqvist@example.com', 'anna', '王小明'] }

test('what anybody would guess is refused, whatever it is padded with', () => {
  const flaws: Readonly<Record<string, readonly string[]>> = {
    too_short: ['', 'k7#Vq', 'elevenchars', '甲乙丙丁戊己庚辛壬癸子'],
    too_long: ['x7'.repeat(65)],
    too_common: [
      'passwordpassword',
      'Password123!',
      'P@ssw0rd2024!!',
      'qwertyuiop123',
      'aaaaaaaaaaaaaaa',
      '123456789012',
      'abcdefghijkl',
      'lkjhgfdsa1234',
      'woaini5201314',
      'AndonAndonAndon1',
      'iloveyou-iloveyou',
      'admin@admin@admin',
      '1qaz2wsx3edc',
      'zhongguo888888',
    ],
    names_you: ['AnnaLindqvist1', 'lindqvist-lindqvist', 'anna1990lindqvist', '王小明王小明王小明王小明'],
  }
  for (const [flaw, passwords] of Object.entries(flaws))
    for (const password of passwords) assert.equal(passwordFlaw(password, about), flaw, password)
})

test('what is one’s own is taken: sentences, random text, any script', () => {
  for (const password of [
    'correct horse battery staple',
    'tR7#kQ9!vZ2m',
    'wooden-lamp-vexing-otter',
    '今天下午三点去码头看船吧好',
    'passwordless kites drift north',
  ])
    assert.equal(passwordFlaw(password, about), null, password)
})
