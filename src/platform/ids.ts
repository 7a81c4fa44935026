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

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const hexAt = (bytes: Uint8Array, at: number): string => HEX[bytes[at] ?? 0]!

// By table: a buffer an id, made only to be written as hex, cost more than the rest of the id.
function format({ ms, counter, bytes }: { ms: number; counter: number; bytes: Uint8Array }): string {
  const time = ms.toString(16).padStart(12, '0')
  const variant = HEX[((bytes[0] ?? 0) & 0x3f) | 0x80]!
  const third = `7${HEX[counter >> 8]![1]}${HEX[counter & 0xff]}`
  const tail = hexAt(bytes, 2) + hexAt(bytes, 3) + hexAt(bytes, 4) + hexAt(bytes, 5) + hexAt(bytes, 6) + hexAt(bytes, 7)
  return `${time.slice(0, 8)}-${time.slice(8)}-${third}-${variant}${hexAt(bytes, 1)}-${tail}`
}

/** Epoch ms that a UUIDv7 carries. */
export const timeOfUuid = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
