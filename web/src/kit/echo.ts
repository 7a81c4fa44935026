/**
 * What was sent to the address and has not come back yet. The address follows the hand by some steps: what it gives back
 * then is an echo, and must not take the place of what was typed since.
 */
export class Echo {
  private given: string
  private readonly sent: string[] = []

  constructor(given: string) {
    this.given = given
  }

  /** What the address says, or will say when it caught up. */
  get last(): string {
    return this.sent.at(-1) ?? this.given
  }

  send(text: string): void {
    this.sent.push(text)
  }

  /** @returns whether it came from outside: then it is what counts. */
  take(given: string): boolean {
    if (given === this.given) return false
    this.given = given
    const at = this.sent.indexOf(given)
    // Steps may be left out: what was sent before one that arrived will not come any more.
    this.sent.splice(0, at < 0 ? this.sent.length : at + 1)
    return at < 0
  }
}
