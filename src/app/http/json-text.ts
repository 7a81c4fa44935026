/** Where a text stops being JSON. */
export interface JsonFlaw {
  /** UTF-16 units from the start. */
  readonly offset: number
  readonly line: number
  readonly column: number
}

const SPACE = /[ \t\n\r]*/y
const NUMBER_OR_WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const QUOTE = 34
const BACKSLASH = 92

/**
 * The first place at which `text` is not JSON (RFC 8259); its end when it stops too early. The parser of V8 tells a
 * position for some mistakes only. Iterative, so that depth costs memory and no stack.
 */
export function flawOfJson(text: string): JsonFlaw {
  const offset = new Scan(text).flaw()
  const before = text.slice(0, offset)
  return { offset, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

/** A walk over the text with a stack of open brackets. */
class Scan {
  private readonly text: string
  private readonly open: ('[' | '{')[] = []
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  flaw(): number {
    for (;;) {
      if (!this.value()) return this.at
      if (!this.closings()) return this.at
      if (this.open.length === 0) return this.at
    }
  }

  /** Reads up to the end of one scalar, going down into lists and objects; false at a flaw. */
  private value(): boolean {
    for (;;) {
      this.skip(SPACE)
      const sign = this.text[this.at]
      if (sign !== '[' && sign !== '{') return this.scalar()
      this.at++
      this.skip(SPACE)
      const end = sign === '[' ? ']' : '}'
      if (this.text[this.at] === end) {
        this.at++
        return true
      }
      this.open.push(sign)
      if (sign === '{' && !this.key()) return false
    }
  }

  /** Closes what ends here; true when another value follows or all is read, false at a flaw. */
  private closings(): boolean {
    while (this.open.length > 0) {
      this.skip(SPACE)
      const sign = this.text[this.at]
      const inside = this.open.at(-1)
      if (sign === ',') {
        this.at++
        return inside === '[' || this.key()
      }
      if (sign !== (inside === '[' ? ']' : '}')) return false
      this.at++
      this.open.pop()
    }
    this.skip(SPACE)
    return true
  }

  private scalar(): boolean {
    return this.text.charCodeAt(this.at) === QUOTE ? this.string() : this.skip(NUMBER_OR_WORD)
  }

  // By hand: a pattern that repeats alternatives would need memory for each character of a long text.
  private string(): boolean {
    if (this.text.charCodeAt(this.at) !== QUOTE) return false
    this.at++
    for (;;) {
      const sign = this.text.charCodeAt(this.at)
      if (sign === QUOTE) {
        this.at++
        return true
      }
      if (sign === BACKSLASH) {
        if (!this.skip(ESCAPE)) return false
      } else if (sign >= 0x20) this.at++
      else return false
    }
  }

  private key(): boolean {
    this.skip(SPACE)
    if (!this.string()) return false
    this.skip(SPACE)
    if (this.text[this.at] !== ':') return false
    this.at++
    return true
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    if (!pattern.test(this.text)) return false
    this.at = pattern.lastIndex
    return true
  }
}
