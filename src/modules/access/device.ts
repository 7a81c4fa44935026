import { parse } from 'bowser'

/** Names of products, which are the same in every language: `Chrome`, `Windows`. Null: not told. */
export interface Device {
  readonly browser: string | null
  readonly system: string | null
}

const UNKNOWN: Device = { browser: null, system: null }

/** What people call the browser that says this of itself, and the system that it runs on. It is a claim and no proof. */
export function deviceOf(agent: string | null): Device {
  if (agent === null || agent === '') return UNKNOWN
  const { browser, os } = parse(agent)
  return { browser: browser.name || null, system: os.name || null }
}
