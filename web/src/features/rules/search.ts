/** What the addresses of the rules' pages carry. */

const STAGES = ['draft', 'shadow', 'live', 'retired'] as const

export interface ListSearch {
  readonly q?: string
  readonly stage?: (typeof STAGES)[number]
}

const textIn = (value: unknown, most: number): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= most ? value : undefined

export function readListSearch(search: Record<string, unknown>): ListSearch {
  const q = textIn(search.q, 200)
  const stage = STAGES.find(s => s === search.stage)
  return { ...(q !== undefined && { q }), ...(stage && { stage }) }
}

export interface RuleSearch {
  /** The version that is shown; the newest when left out. */
  readonly version?: number
  /** An order for which it is explained. */
  readonly order?: string
  /** ... at an instant; now when left out. */
  readonly at?: string
  /** A back-test that is shown. */
  readonly test?: string
}

const numberIn = (value: unknown): number | undefined => {
  const n = Number(value)
  return value !== undefined && Number.isInteger(n) && n > 0 ? n : undefined
}

export function readRuleSearch(search: Record<string, unknown>): RuleSearch {
  const version = numberIn(search.version)
  const order = textIn(search.order, 40)
  const at = textIn(search.at, 40)
  const test = textIn(search.test, 100)
  return {
    ...(version !== undefined && { version }),
    ...(order !== undefined && { order }),
    ...(at !== undefined && !Number.isNaN(Date.parse(at)) && { at }),
    ...(test !== undefined && { test }),
  }
}

export interface DiffSearch {
  readonly from?: number
  readonly to?: number
}

export function readDiffSearch(search: Record<string, unknown>): DiffSearch {
  const [from, to] = [numberIn(search.from), numberIn(search.to)]
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

export function readShadowSearch(search: Record<string, unknown>): Pick<RuleSearch, 'version'> {
  const version = numberIn(search.version)
  return version === undefined ? {} : { version }
}
