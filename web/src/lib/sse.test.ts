import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sseParser } from './sse.ts'

test('events come out whole, whatever pieces they came in', () => {
  const text = ': hello\n\nid: 7\nevent: case\ndata: {"a":\ndata: 1}\n\nevent: fact\ndata: 2\n\n'
  const whole = sseParser()(text)
  assert.deepEqual(whole, [
    { id: '7', name: 'case', data: '{"a":\n1}' },
    { id: '7', name: 'fact', data: '2' },
  ])
  const parse = sseParser()
  assert.deepEqual(
    [...text].flatMap(letter => parse(letter)),
    whole,
  )
})

test('line ends of every kind, and a comment alone is no event', () => {
  assert.deepEqual(sseParser()(':\r\n\r\ndata: a\r\n\r\n'), [{ id: null, name: 'message', data: 'a' }])
  const parse = sseParser()
  assert.deepEqual([...parse('data: a\r'), ...parse('\n\r\n')], [{ id: null, name: 'message', data: 'a' }])
})
