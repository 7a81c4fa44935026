const END_MARK = 0x06054b50
const END_LENGTH = 22
const LONGEST_COMMENT = 0xffff
const ENTRY_MARK = 0x02014b50
const ENTRY_LENGTH = 46
/** Values that say "see the 64 bit record": no file that we take is so large. */
const IN_ZIP64 = 0xffffffff
const MOST_ENTRIES = 10_000

interface Entry {
  readonly offset: number
  readonly packed: number
  readonly unpacked: number
  readonly next: number
}

/**
 * How many bytes a zip file says it unpacks to, from its directory and without unpacking anything; null when it cannot be
 * trusted: no directory, entries that overlap (which is how small files unpack to very large ones), or sizes beyond 32 bit.
 * What unpacks it must still stop at this size.
 */
export function inflatedSize(file: Buffer): number | null {
  const end = endOf(file)
  if (end === null) return null
  const count = file.readUInt16LE(end + 10)
  const start = file.readUInt32LE(end + 16)
  if (count > MOST_ENTRIES || start >= end) return null
  let at = start
  let total = 0
  let used = 0
  const offsets = new Set<number>()
  for (let i = 0; i < count; i++) {
    const entry = entryAt(file, at, end)
    if (entry === null || offsets.has(entry.offset)) return null
    offsets.add(entry.offset)
    total += entry.unpacked
    used += entry.packed
    at = entry.next
  }
  return used > start ? null : total
}

function endOf(file: Buffer): number | null {
  for (let at = file.length - END_LENGTH; at >= 0 && at >= file.length - END_LENGTH - LONGEST_COMMENT; at--)
    if (file.readUInt32LE(at) === END_MARK) return at
  return null
}

function entryAt(file: Buffer, at: number, end: number): Entry | null {
  if (at + ENTRY_LENGTH > end || file.readUInt32LE(at) !== ENTRY_MARK) return null
  const [packed, unpacked, offset] = [20, 24, 42].map(place => file.readUInt32LE(at + place))
  if (packed === undefined || unpacked === undefined || offset === undefined) return null
  if ([packed, unpacked, offset].includes(IN_ZIP64)) return null
  const rest = [28, 30, 32].map(place => file.readUInt16LE(at + place)).reduce((sum, length) => sum + length, 0)
  return { offset, packed, unpacked, next: at + ENTRY_LENGTH + rest }
}
