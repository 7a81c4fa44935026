import { HOUR, type Instant, MINUTE, SECOND } from '../../kernel/instant.ts'
import type { Sql } from '../../platform/database.ts'
import type { Sealer } from '../../platform/seal.ts'

/** How many failures are free, and how long one waits after them: doubling, up to the most. */
interface Policy {
  readonly free: number
  /** After so long everything is forgotten: since the last failure, or since the first. */
  readonly window: number
  readonly sinceLast: boolean
  readonly first: number
  readonly most: number
}

/** By what was typed, whether there is such an account or not: who guesses learns nothing from being slowed down. */
const BY_ACCOUNT: Policy = { free: 5, window: HOUR, sinceLast: true, first: 30 * SECOND, most: 15 * MINUTE }
/** An office has one address for many people, and somebody mistypes all the time. */
const BY_ADDRESS: Policy = { free: 40, window: 15 * MINUTE, sinceLast: false, first: MINUTE, most: 15 * MINUTE }

// A try counts as failed until it has succeeded, so that many at once are not all let through. No row: blocked. The wait
// doubles with each try beyond the free ones.
const TRY = `
insert into throttle as t (digest, failures, since, until) values ($1, 1, $2, 0)
on conflict (digest) do update set
  failures = case when t.since < $3 then 1 else t.failures + 1 end,
  since = case when $7 or t.since < $3 then $2 else t.since end,
  until = case when t.since >= $3 and t.failures + 1 >= $4
    then $2 + least($6::bigint, $5::bigint * (1 << least(t.failures + 1 - $4, 20))) else 0 end
where t.until <= $2
returning failures`
const UNTIL = 'select until from throttle where digest = $1'
const FORGET = 'delete from throttle where digest = $1'
const GIVE_BACK = 'update throttle set failures = failures - 1, until = 0 where digest = $1 and failures > 0'

/** A try that may go on; told how it ended. */
export interface Try {
  succeeded(): Promise<void>
}

/** Slows down guessing by account and by address, over all processes. */
export class Throttle {
  readonly #sql: Sql
  readonly #sealer: Sealer

  constructor(sql: Sql, sealer: Sealer) {
    this.#sql = sql
    this.#sealer = sealer
  }

  /** The try, counted as failed until it says otherwise; or how many ms to wait. */
  async begin(asked: { account: string; address: string; now: Instant }): Promise<Try | { readonly wait: number }> {
    const account = this.#digest('account', asked.account)
    const address = this.#digest('address', asked.address)
    for (const [digest, policy] of [
      [address, BY_ADDRESS],
      [account, BY_ACCOUNT],
    ] as const) {
      const wait = await this.#count(digest, policy, asked.now)
      if (wait > 0) return { wait }
    }
    return {
      succeeded: async () => {
        await this.#sql.query(FORGET, [account])
        await this.#sql.query(GIVE_BACK, [address])
      },
    }
  }

  /** Lets somebody try again at once, because an administrator says so. */
  async forget(account: string): Promise<void> {
    await this.#sql.query(FORGET, [this.#digest('account', account)])
  }

  async #count(digest: Buffer, policy: Policy, now: Instant): Promise<number> {
    const { free, window, sinceLast, first, most } = policy
    const { rows } = await this.#sql.query(TRY, [digest, now, now - window, free, first, most, sinceLast])
    if (rows.length > 0) return 0
    const until = (await this.#sql.query<{ until: Instant }>(UNTIL, [digest])).rows[0]?.until ?? now
    return Math.max(SECOND, until - now)
  }

  #digest(kind: string, name: string): Buffer {
    return this.#sealer.blind('throttle', `${kind}\0${name.trim().toLowerCase()}`)
  }
}

const USE = `insert into used_code (digest, expires_at) values ($1, $2) on conflict (digest) do nothing`

/** Marks a one-time code as used; false when it was used before. A code is good for 90 s at most. */
export async function useCode(
  sql: Sql,
  sealer: Sealer,
  { person, code, now }: { person: string; code: string; now: Instant },
): Promise<boolean> {
  const digest = sealer.blind('used code', `${person}\0${code}`)
  return (await sql.query(USE, [digest, now + 5 * MINUTE])).rowCount === 1
}
