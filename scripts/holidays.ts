// Writes packs/calendars/cn-holidays.yaml from the data of the library chinese-days: run it after updating the library.
//   node scripts/holidays.ts
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const library = join(root, 'node_modules/chinese-days')
/** Before, the notices named days that were moved without naming the weekends that were worked for them. */
const FIRST_YEAR = 2010

interface YearData {
  readonly holidays: { readonly [day: string]: string }
  readonly workdays: { readonly [day: string]: string }
}

const yearsThere = (): number[] =>
  readdirSync(join(library, 'dist/years'))
    .flatMap(name => /^(\d{4})\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .filter(year => year >= FIRST_YEAR)
    .sort((a, b) => a - b)

function flow(days: YearData['holidays']): string {
  const byName = Map.groupBy(Object.keys(days).sort(), day => days[day]?.split(',')[1] ?? '?')
  return `{ ${[...byName].map(([name, of]) => `${name}: [${of.map(day => day.slice(5)).join(', ')}]`).join(', ')} }`
}

function write(): void {
  const version: unknown = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8')).version
  const years = yearsThere()
  const data = years.map((year): [number, YearData] => [
    year,
    JSON.parse(readFileSync(join(library, `dist/years/${year}.json`), 'utf8')),
  ])
  const lines = [
    '# Made by scripts/holidays.ts; change the library, not this file. Days are MM-DD.',
    'holidays: cn',
    'version: 1',
    'label: { zh: 中国法定节假日与调休, en: Public holidays and make-up workdays in China }',
    `source: 国务院办公厅关于节假日安排的通知 (notices of the State Council), by chinese-days ${String(version)} (MIT)`,
    `years: [${years[0]}, ${years.at(-1)}]`,
    'off:',
    ...data.map(([year, { holidays }]) => `  ${year}: ${flow(holidays)}`),
    '# Saturdays and Sundays that are worked for a bridge day.',
    'work:',
    ...data.map(([year, { workdays }]) => `  ${year}: ${flow(workdays)}`),
  ]
  writeFileSync(join(root, 'packs/calendars/cn-holidays.yaml'), `${lines.join('\n')}\n`)
}

write()
