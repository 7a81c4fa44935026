import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'

/** Bytes of randomness, injected: `randomBytes` of node:crypto in production, a seeded source in replay and tests. */
export type RandomBytes = (count: number) => Uint8Array

/** Randomness from the system in blocks: one call per 8 KiB instead of one per id (4 us each). */
export function pooledRandom(): RandomBytes {
  let pool = randomBytes(8192)
  let at = 0
  return count => {
    if (at + count > pool.length) {
      pool = randomBytes(8192)
      at = 0
    }
    at += count
    return pool.subarray(at - count, at)
  }
}

const COUNTER_MAX = 0xfff

/**
 * Makes UUIDv7 texts (RFC 9562, 5.7 with the counter of 6.2 method 1): 48 bits of epoch ms, a 12 bit counter seeded at
 * random below its half, 62 random bits. Each id of one maker is greater than the one before, even when the clock
 * stands still or goes back.
 */
export function uuidMaker(source: { clock: Clock; random: RandomBytes }): () => string {
  let ms = -1
  let counter = 0
  return () => {
    const bytes = source.random(10)
    const now = source.clock.now()
    if (now > ms) {
      ms = now
      counter = (((bytes[8] ?? 0) << 8) | (bytes[9] ?? 0)) & (COUNTER_MAX >> 1)
    } else if (counter < COUNTER_MAX) {
      counter++
    } else {
      // More than 2048 in one millisecond: borrow the next one rather than repeat.
      ms++
      counter = 0
    }
    return format({ ms, counter, bytes })
  }
}

function format({ ms, counter, bytes }: { ms: number; counter: number; bytes: Uint8Array }): string {
  const time = ms.toString(16).padStart(12, '0')
  const variant = ((bytes[0] ?? 0) & 0x3f) | 0x80
  const tail = Buffer.from([variant, ...bytes.subarray(1, 8)]).toString('hex')
  const third = `7${counter.toString(16).padStart(3, '0')}`
  return `${time.slice(0, 8)}-${time.slice(8)}-${third}-${tail.slice(0, 4)}-${tail.slice(4)}`
}

/** Epoch ms that a UUIDv7 carries. */
export const timeOfUuid = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
